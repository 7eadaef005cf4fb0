import os

kept = []
while True:
    try:
        kept.append(os.dup(1))
    except OSError:
        break
value = len(kept)
