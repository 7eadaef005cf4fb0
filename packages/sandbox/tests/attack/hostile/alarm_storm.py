import signal


def ring(*words):
    raise TimeoutError


for kind, number in ((signal.ITIMER_REAL, signal.SIGALRM), (signal.ITIMER_VIRTUAL, signal.SIGVTALRM), (signal.ITIMER_PROF, signal.SIGPROF)):
    signal.signal(number, ring)
    signal.setitimer(kind, 0.00001, 0.00001)
