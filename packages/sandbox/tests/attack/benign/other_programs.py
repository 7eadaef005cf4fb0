import multiprocessing
import subprocess
import sys

assert subprocess.run(["sort"], input=b"b\na\n", capture_output=True, check=True).stdout == b"a\nb\n"
assert subprocess.run("echo $((6 * 7)) | cat", shell=True, capture_output=True, text=True).stdout == "42\n"
done = subprocess.run([sys.executable, "-c", "print(1 + 1)"], capture_output=True, text=True)
assert done.stdout == "2\n", done.stderr
context = multiprocessing.get_context("fork")
here, there = context.Pipe()
process = context.Process(target=there.send, args=([1, 2, 3],))
process.start()
assert here.recv() == [1, 2, 3]
process.join()
assert process.exitcode == 0
