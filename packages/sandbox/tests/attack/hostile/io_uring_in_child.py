import os
import subprocess
import sys
import threading

from aim import escaped, held, raw

ASK = "import ctypes; print(ctypes.CDLL(None).syscall(425, 8, ctypes.create_string_buffer(120)))"


def ask():
    try:
        raw(425, 8, bytes(120))
    except OSError as error:
        held("ring", error)
    else:
        escaped("a ring")


thread = threading.Thread(target=ask)
thread.start()
thread.join()
try:
    if os.fork() == 0:
        ask()
        os._exit(0)
    os.wait()
    said = subprocess.run([sys.executable, "-I", "-c", ASK], capture_output=True, timeout=5).stdout
except OSError as error:
    held("children", error)
else:
    if said.strip() not in (b"-1", b""):
        escaped(f"ring in a child: {said!r}")
