"""Máy của người học trên một máy chủ không có systemd: hạn mức bộ nhớ do nhân Linux giữ cho từng tiến trình."""

import os
import resource

from jupyterhub.spawner import LocalProcessSpawner
from traitlets import Any

from tools.hub import learners


class LimitedSpawner(LocalProcessSpawner):
    """`LocalProcessSpawner` chỉ nói hạn mức cho người học biết; lớp này giữ nó, và biết tên của họ trên máy."""

    account = Any(learners.SYSTEM, help="tên đăng nhập là người dùng nào của máy").tag(config=True)

    def user_env(self, env):
        user = self.account.find(self.user.name)
        return env | {"USER": user.pw_name, "HOME": user.pw_dir, "SHELL": user.pw_shell or "/bin/sh"}

    def make_preexec_fn(self, name):
        user = self.account.find(name)
        groups, myself = os.getgrouplist(user.pw_name, user.pw_gid), user.pw_uid == os.getuid()

        def become():
            os.umask(0o077)  # file của ai thì chỉ người ấy đọc được
            if self.mem_limit:
                # vùng nhớ riêng, ghi được: xin quá thì Python báo MemoryError, các kernel khác không sao
                resource.setrlimit(resource.RLIMIT_DATA, (self.mem_limit, self.mem_limit))
            if not myself:
                # đếm mọi tiến trình và luồng của người ấy
                resource.setrlimit(resource.RLIMIT_NPROC, (learners.TASKS, learners.TASKS))
                os.setgid(user.pw_gid)
                os.setgroups(groups)
                os.setuid(user.pw_uid)
            os.chdir(user.pw_dir)

        return become
