import os

answer = "true"
reader, writer = os.pipe()
for number in range(3, 1024):
    if number not in (reader, writer):
        try:
            os.dup2(writer, number)
        except OSError:
            pass
