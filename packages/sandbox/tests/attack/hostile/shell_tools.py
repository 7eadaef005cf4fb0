import subprocess

from aim import CANARY, HOST, MARK, PORT, SECRET_FILE, VICTIM, escaped, held

commands = (
    f"cat {SECRET_FILE}",
    f"cp {SECRET_FILE} copy",
    f"tar cf t.tar {SECRET_FILE}",
    f"echo x >> {CANARY}",
    f"kill -9 {VICTIM} {HOST}",
    f"exec 3<>/dev/tcp/127.0.0.1/{PORT}",
    f"cat /proc/{VICTIM}/environ",
    "cat /etc/shadow",
    f"crontab -l || at now </dev/null && echo {MARK}",
)
for command in commands:
    try:
        done = subprocess.run(["/bin/bash", "-c", command], capture_output=True, timeout=1)
    except (OSError, subprocess.SubprocessError) as error:
        held(command, error)
        continue
    if done.returncode == 0:
        escaped(f"{command}: {done.stdout!r}")
