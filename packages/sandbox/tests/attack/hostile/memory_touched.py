from aim import escaped

blocks = []
try:
    while len(blocks) < 64:
        blocks.append(bytearray(b"x" * (16 << 20)))
    escaped("a gigabyte")
except MemoryError:
    count = len(blocks)
    blocks.clear()
    print(count)
