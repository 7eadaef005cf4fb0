import os

from aim import HOST_FOLDER, SECRET_FILE

here = os.getcwd()
for target in (HOST_FOLDER, os.path.dirname(SECRET_FILE)):
    try:
        os.rename(here, here + "-moved")
        os.symlink(target, here)
    except OSError as error:
        print(error.errno)
