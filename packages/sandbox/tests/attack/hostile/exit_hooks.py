import atexit
import os
import sys
import threading

from aim import escaped


def trace(frame, event, argument):
    if frame.f_code.co_name in ("_finish", "encode", "_tell"):
        frame.f_locals["exit_code"] = 0
    return trace


class Last:
    def __del__(self):
        os.write(1, b"finaliser\n")


sys.settrace(trace)
threading.settrace(trace)
sys.setprofile(lambda *words: None)
sys.excepthook = lambda *words: os._exit(0)
sys.unraisablehook = lambda *words: os._exit(0)
sys.last = Last()
cycle = [Last()]
cycle.append(cycle)
atexit.register(lambda: atexit.register(lambda: os.write(1, b"again\n")))
assert escaped
raise SystemExit("out")
