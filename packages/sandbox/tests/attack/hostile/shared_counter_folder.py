import os

for number in range(20):
    descriptor = os.open(f"f{number}", os.O_CREAT | os.O_RDWR)
    try:
        os.posix_fallocate(descriptor, 0, 1 << 16)
        os.ftruncate(descriptor, 0)
    except OSError as error:
        print(error)
    os.link(f"f{number}", f"l{number}")
with open("long", "wb") as file:
    file.truncate(1 << 20)
