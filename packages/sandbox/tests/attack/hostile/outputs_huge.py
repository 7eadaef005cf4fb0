answer = list(range(1 << 20))
again = {str(number): "x" * 100 for number in range(50000)}
for round in range(3):
    exec("\n".join(f"v{number} = {number}" for number in range(20000)))
x = "y" * (4 << 20)
