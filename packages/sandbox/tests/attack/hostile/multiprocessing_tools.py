import multiprocessing
import os
from multiprocessing import shared_memory

from aim import MARK, held

for act in (
    lambda: shared_memory.SharedMemory(name=MARK, create=True, size=1 << 20),
    lambda: multiprocessing.Lock(),
    lambda: multiprocessing.Manager(),
    lambda: multiprocessing.get_context("fork").Pool(4).map(abs, [1, -2]),
):
    try:
        print(act())
    except (OSError, EOFError, ImportError) as error:
        held("multiprocessing", error)
os._exit(0)
