import os

from aim import PARENT, SECRET_FILE, tries

roots = ("", "/proc/self/root", "/proc/1/root", f"/proc/{PARENT}/root", "/proc/self/cwd" + "/.." * 12, "../" * 20)
for root in roots:
    tries(f"reading by {root!r}", lambda path=root + SECRET_FILE: open(path).read())
top = os.open("/", os.O_PATH)
tries("reading beneath a handle of /", lambda: os.read(os.open(SECRET_FILE[1:], os.O_RDONLY, dir_fd=top), 99))
os.chdir(os.path.dirname(SECRET_FILE))
tries("reading from inside its folder", lambda: open(os.path.basename(SECRET_FILE)).read())
