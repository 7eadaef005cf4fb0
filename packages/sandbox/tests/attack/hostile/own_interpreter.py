import os
import subprocess
import sys

from aim import SECRET_FILE, escaped, held

READ = f"print(open({SECRET_FILE!r}).read())"
for flags in (["-I"], ["-S", "-E"], ["-X", "dev"]):
    try:
        done = subprocess.run([sys.executable, *flags, "-c", READ], capture_output=True, timeout=1)
    except (OSError, subprocess.SubprocessError) as error:
        held(str(flags), error)
    else:
        print(done.returncode, done.stderr[-200:])
        if done.returncode == 0:
            escaped(f"{flags}: {done.stdout!r}")
os.execv(sys.executable, [sys.executable, "-I", "-c", "import os; os.write(1, b'after exec'); os._exit(0)"])
