import os
import shutil

import pandas as pd

pd.read_csv("data.csv").to_csv("out.csv", index=False)
os.makedirs("deep/er")
os.rename("out.csv", "deep/er/moved.csv")
shutil.copytree("deep", "copy")
shutil.copystat("deep/er/moved.csv", "copy/er/moved.csv")
assert open("copy/er/moved.csv").read() == open("data.csv").read()
os.chmod("copy/er/moved.csv", 0o600)
os.utime("copy/er/moved.csv", (1, 1))
os.symlink("deep/er/moved.csv", "link")
assert os.path.getsize("link") == os.path.getsize("data.csv")
shutil.rmtree("deep")
assert sorted(os.listdir("copy")) == ["er"]
