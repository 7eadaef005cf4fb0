import cProfile
import gc
import os
import resource
import timeit
import tracemalloc

tracemalloc.start()
assert timeit.timeit("1", number=10) >= 0
assert tracemalloc.get_traced_memory()[0] > 0
cProfile.run("sum(range(10))", "profile")
assert gc.collect() >= 0 and resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > 0
for name in ("status", "stat", "statm", "maps", "smaps_rollup", "io", "limits", "cgroup", "mountinfo", "cmdline"):
    assert open(f"/proc/self/{name}").read(), name
assert "1" in os.listdir("/proc/self/fd") and "pos:" in open("/proc/self/fdinfo/1").read()
