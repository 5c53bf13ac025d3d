"""Máy của một người học: `jupyterhub-singleuser`, bỏ lại những thư viện chỉ hub dùng, hay không ai dùng.

- ``rfc3987_syntax``: jsonschema nạp nó chỉ để kiểm tra địa chỉ IRI, và nó dựng cả một bộ phân tích cú pháp lúc nạp: hai
  giây CPU, 16 MB. Thiếu nó thì jsonschema thôi kiểm tra IRI, như khi nó không được cài.
- ``jupyterhub.handlers``, ``alembic``: các trang của hub, và việc nâng cấp cơ sở dữ liệu của hub: 0.3 giây, 17 MB. Máy
  của người học chỉ nhắc đến tên vài lớp trong đó, không bao giờ gọi.
"""

import sys
import types

HUB_ONLY = ["jupyterhub.handlers", "jupyterhub.handlers.pages"]
HUB_ONLY += ["alembic", "alembic.command", "alembic.config", "alembic.script"]


class Empty(types.ModuleType):
    """Một module mà tên nào hỏi đến cũng là một lớp rỗng."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


del sys.path[0]  # thư mục của file này: không phải chỗ để tìm module
sys.modules.update({"rfc3987_syntax": None}, **{name: Empty(name) for name in HUB_ONLY})
try:
    from jupyterhub.singleuser import main
except (ImportError, AttributeError):  # một bản JupyterHub cần đến chúng: nạp lại, đủ mọi thứ
    for name in [name for name in sys.modules if name in HUB_ONLY or name.startswith("jupyterhub")]:
        del sys.modules[name]
    from jupyterhub.singleuser import main

if __name__ == "__main__":
    main()
