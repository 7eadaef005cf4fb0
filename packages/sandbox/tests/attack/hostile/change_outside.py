import os

from aim import CANARY, HOST_FOLDER, tries

tries("rename", os.rename, CANARY, CANARY + ".gone")
tries("rename into the run", os.rename, CANARY, "mine")
tries("remove", os.unlink, CANARY)
tries("truncate", os.truncate, CANARY, 0)
tries("swap folders", os.rename, HOST_FOLDER, HOST_FOLDER + ".gone")
tries("remove the folder", os.rmdir, HOST_FOLDER)
