import os
import shutil

here = os.getcwd()
for act in (lambda: os.rename(here, here + ".away"), lambda: os.rename(here, "/tmp/away"), lambda: shutil.rmtree(here), lambda: os.rmdir(here)):
    try:
        act()
    except OSError as error:
        print(error.errno)
print(os.path.exists(here))
