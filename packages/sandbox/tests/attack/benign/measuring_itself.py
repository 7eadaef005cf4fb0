import cProfile
import gc
import resource
import timeit
import tracemalloc

tracemalloc.start()
assert timeit.timeit("1", number=10) >= 0
assert tracemalloc.get_traced_memory()[0] > 0
cProfile.run("sum(range(10))", "profile")
assert gc.collect() >= 0 and resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > 0
