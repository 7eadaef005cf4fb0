import gc
import socket
import sys

from aim import escaped, held

frame = sys._getframe()
while frame is not None:
    print(frame.f_code.co_name, sorted(frame.f_locals)[:50])
    frame = frame.f_back
for thing in gc.get_objects():
    if isinstance(thing, socket.socket):
        try:
            thing.send(b"done")
        except (OSError, ValueError) as error:
            held("socket", error)
        else:
            escaped(f"spoke on {thing}")
    elif type(thing) is dict and "HOST_SECRET" in thing:
        print(thing["HOST_SECRET"])
print(repr(vars(sys.modules["__main__"]))[:20000])
