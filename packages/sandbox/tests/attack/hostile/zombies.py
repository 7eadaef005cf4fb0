import os

for _ in range(100):
    try:
        if os.fork() == 0:
            if os.fork() == 0:
                os._exit(7)
            os._exit(9)
    except OSError as error:
        print(error)
        break
