import glob

from aim import ABSTRACT, NAMESPACED, PORT, UNIX_STREAM, escaped, held

places = ("/proc/net", "/proc/self/net", "/proc/thread-self/net", "/proc/self/task/*/net")
told = (UNIX_STREAM, ABSTRACT, f"0100007F:{PORT:04X}")
seen = set()
for place in places:
    names = ("tcp", "unix", "udp", "arp", "route", "dev", "sockstat", "netstat", "if_inet6", "snmp")
    for path in [f"{at}/{name}" for at in glob.glob(place) or [place] for name in names]:
        try:
            text = open(path).read()
        except OSError as error:
            held(path, error)
            continue
        seen.add(path)
        for word in told:
            if word in text:
                escaped(f"{path} tells of {word}")
if seen and not NAMESPACED:  # in a network of its own they tell of nothing else
    escaped(f"the network of the host in {sorted(seen)}")
