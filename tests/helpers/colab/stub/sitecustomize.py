"""Python tự đọc file này lúc khởi động: từ đây, kết nối nào ra khỏi máy cũng bị từ chối và nói rõ."""

import sys

NAMES = {"socket.connect", "socket.getaddrinfo"}
HOME = ("127.", "::1", "localhost")


def refuse(event, arguments):
    if event in NAMES:
        address = arguments[1] if event == "socket.connect" else arguments[0]
        host = address[0] if isinstance(address, tuple) else address
        if isinstance(address, tuple) or event != "socket.connect":  # còn lại là socket Unix, nằm trong máy
            if host is not None and not str(host).startswith(HOME):
                raise OSError(f"Bài học nối ra mạng: {host}")


sys.addaudithook(refuse)
