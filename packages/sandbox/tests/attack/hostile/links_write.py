import os

from aim import CANARY, HOST_FOLDER, MARK, tries

os.symlink(CANARY, "to-canary")
os.symlink(HOST_FOLDER, "to-folder")
tries("through a link", open, "to-canary", "w")
tries("truncating through a link", os.truncate, "to-canary", 0)
tries("into a linked folder", open, f"to-folder/{MARK}", "w")
tries("hard link", lambda: (os.link(CANARY, "same"), open("same", "w")))
tries("an unnamed file there", os.open, HOST_FOLDER, os.O_TMPFILE | os.O_WRONLY, 0o600)
tries("moving out", lambda: (open("mine", "w").close(), os.rename("mine", f"{HOST_FOLDER}/{MARK}")))
unnamed = os.open(".", os.O_TMPFILE | os.O_WRONLY, 0o600)
tries("linking out", os.link, f"/proc/self/fd/{unnamed}", f"{HOST_FOLDER}/{MARK}", follow_symlinks=True)
tries("a socket there", os.mknod, f"{HOST_FOLDER}/{MARK}", 0o140600)
tries("a pipe there", os.mkfifo, f"{HOST_FOLDER}/{MARK}")
