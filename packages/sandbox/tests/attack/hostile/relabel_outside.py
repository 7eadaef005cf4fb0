import os

from aim import CANARY, SECRET_FILE


def attempt(act, *arguments):
    try:
        act(*arguments)
    except OSError as error:
        print(act.__name__, error.errno)


for path in (CANARY, SECRET_FILE, os.path.dirname(CANARY)):
    attempt(os.chmod, path, 0o000)
    attempt(os.utime, path, (0, 0))
    attempt(os.utime, path)
    attempt(os.chown, path, os.getuid(), os.getgid())
    attempt(os.setxattr, path, "user.left", b"x")
    link = os.open(path, os.O_PATH)
    attempt(os.chmod, f"/proc/self/fd/{link}", 0o000)
    attempt(os.utime, f"/proc/self/fd/{link}", (0, 0))
