import contextlib
import os

from aim import MARK, escaped

worker = os.path.basename(os.path.dirname(os.getcwd()))
own = int(os.path.basename(os.getcwd()))
for number in range(own):
    for name in ("", f"/{MARK}-0", f"/{MARK}-99"):
        with contextlib.suppress(OSError):
            os.stat(f"../{number}{name}")
            escaped(f"sees ../{number}{name}")
for yard in (f"../../{worker}-gone", f"../{worker}-gone"):
    with contextlib.suppress(OSError):
        escaped(f"lists {yard}: {os.listdir(yard)}")
    with contextlib.suppress(OSError):
        os.chdir(yard)
        escaped(f"lists the yard from within: {os.listdir()}")
