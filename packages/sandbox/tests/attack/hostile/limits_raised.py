import resource

from aim import escaped, held

for name in ("AS", "DATA", "CPU", "FSIZE", "NPROC", "NOFILE", "CORE", "MEMLOCK"):
    kind = getattr(resource, f"RLIMIT_{name}")
    for wanted in (resource.RLIM_INFINITY, resource.getrlimit(kind)[1] + 1):
        try:
            resource.setrlimit(kind, (wanted, wanted))
        except (OSError, ValueError) as error:
            held(name, error)
        else:
            escaped(f"limit {name} is {resource.getrlimit(kind)}")
