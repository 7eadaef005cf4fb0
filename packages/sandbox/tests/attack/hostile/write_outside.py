import os

from aim import CANARY, HOST_FOLDER, MARK, POOL_FOLDER, SECRET_FILE, tries

for path in (CANARY, f"{HOST_FOLDER}/{MARK}", SECRET_FILE, f"{POOL_FOLDER}/{MARK}", f"../{MARK}", f"/tmp/{MARK}", f"/var/tmp/{MARK}", f"/etc/{MARK}", f"/usr/{MARK}", f"/{MARK}"):
    for mode in ("w", "a", "r+"):
        tries(f"{mode} {path}", open, path, mode)
    tries(f"folder {path}", os.mkdir, path)
