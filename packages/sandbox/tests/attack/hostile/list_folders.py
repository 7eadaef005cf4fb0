import glob
import os

from aim import HOST_FOLDER, POOL_FOLDER, SECRET_FILE, tries

for folder in (os.path.dirname(SECRET_FILE), HOST_FOLDER, POOL_FOLDER, "/root", "/home", "/tmp", "/var"):
    tries(f"listing {folder}", os.listdir, folder)
    tries(f"scanning {folder}", lambda folder=folder: next(os.scandir(folder)))
    tries(f"a handle to read {folder}", os.open, folder, os.O_RDONLY | os.O_DIRECTORY)
print(len(glob.glob(HOST_FOLDER + "/*")))
