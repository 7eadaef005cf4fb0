import subprocess

from aim import escaped, held

for command in (["unshare", "-Ur", "id"], ["unshare", "-r", "-m", "mount", "-t", "tmpfs", "x", "."], ["bwrap", "--ro-bind", "/", "/", "id"], ["nsenter", "-t", "1", "-a", "id"], ["chroot", "/", "id"]):
    try:
        done = subprocess.run(command, capture_output=True, timeout=1)
    except (OSError, subprocess.SubprocessError) as error:
        held(command[0], error)
    else:
        if done.returncode == 0:
            escaped(f"{command}: {done.stdout!r}")
