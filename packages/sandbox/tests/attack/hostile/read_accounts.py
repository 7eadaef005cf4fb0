import pwd

from aim import escaped, held

for path in ("/etc/passwd", "/etc/shadow", "/etc/group", "/etc/hosts", "/etc/machine-id", "/etc/ssh/sshd_config"):
    try:
        text = open(path).read()
    except OSError as error:
        held(path, error)
    else:
        escaped(f"{path} has {len(text)} characters")
if pwd.getpwall():
    escaped("the user database answers")
