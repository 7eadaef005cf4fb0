import os

from aim import PARENT, SECRET_FILE, tries


def through(target, rest=""):
    os.path.lexists("link") and os.unlink("link")
    os.symlink(target, "link")
    return open("link" + rest).read()


tries("a link to it", through, SECRET_FILE)
tries("a link to /", through, "/", SECRET_FILE)
tries("a link over /proc", through, "/proc/self/root" + SECRET_FILE)
tries("a link over the parent", through, f"/proc/{PARENT}/cwd", SECRET_FILE)
tries("a hard link", lambda: (os.link(SECRET_FILE, "hard"), open("hard").read()))
tries("a hard link by handle", lambda: os.link(f"/proc/self/fd/{os.open(SECRET_FILE, os.O_PATH)}", "hard2", follow_symlinks=True))
tries("reopening a handle", lambda: open(f"/proc/self/fd/{os.open(SECRET_FILE, os.O_PATH)}").read())
