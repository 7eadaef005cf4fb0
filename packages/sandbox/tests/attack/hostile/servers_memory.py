import re

from aim import escaped

pattern = re.compile(rb"earlier-run-secre[t]")
with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
    for line in maps:
        if "r" not in line.split()[1] or "[v" in line:
            continue
        first, last = (int(word, 16) for word in line.split()[0].split("-"))
        memory.seek(first)
        try:
            block = memory.read(min(last - first, 16 << 20))
        except (OSError, OverflowError):
            continue
        if pattern.search(block):
            escaped("an earlier run's text")
