import os

for _ in range(62):
    os.mkdir("d")
    os.chdir("d")
for number in range(4_000):
    os.mkdir(str(number))
