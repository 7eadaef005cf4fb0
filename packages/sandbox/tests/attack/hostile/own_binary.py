import os
import shutil
import subprocess

from aim import SECRET_FILE, escaped, held

shutil.copyfile("/bin/cat", "mine")
os.chmod("mine", 0o6755)
try:
    done = subprocess.run(["./mine", SECRET_FILE], capture_output=True, timeout=1)
    if done.returncode == 0:
        escaped(f"read {done.stdout!r}")
    preload = {"LD_PRELOAD": "./mine", "LD_LIBRARY_PATH": ".", "LD_DEBUG": "all", "LD_AUDIT": "./mine"}
    done = subprocess.run(["/bin/su", "-c", "id"], capture_output=True, timeout=1, env=preload, stdin=subprocess.DEVNULL)
    if b"uid=0" in done.stdout:
        escaped("became user 0")
except (OSError, subprocess.SubprocessError) as error:
    held("own binary", error)
descriptor = os.memfd_create("program")
os.write(descriptor, open("/bin/cat", "rb").read())
try:
    if os.fork() == 0:
        os.execve(descriptor, ["cat", SECRET_FILE], {})
    os.wait()
except OSError as error:
    held("program in memory", error)
