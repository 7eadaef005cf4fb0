x = 9
for _ in range(30):
    x = x**x % (1 << (1 << 26))
