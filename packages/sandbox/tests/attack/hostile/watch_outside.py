from aim import HOST_FOLDER, SECRET_FILE, call, escaped, libc

watch = libc.inotify_init()
for path in (HOST_FOLDER, SECRET_FILE, "/tmp", "/etc/passwd"):
    if watch >= 0 and libc.inotify_add_watch(watch, path.encode(), 0xFFF) >= 0:
        escaped(f"watches {path}")
for flags in (0x200, 0x600):
    try:
        seen = call("fanotify_init", flags, 0)
        call("fanotify_mark", seen, 1, 0xFFF, -100, HOST_FOLDER.encode())
        escaped("fanotify")
    except OSError as error:
        print(error.errno)
