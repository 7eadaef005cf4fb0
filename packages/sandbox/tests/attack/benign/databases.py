import sqlite3

import pandas as pd

memory = sqlite3.connect(":memory:")
pd.read_csv("data.csv").to_sql("thing", memory)
rows = pd.read_sql("select kind, count(*) n from thing group by kind", memory)
assert rows["n"].tolist() == [4, 2]
file = sqlite3.connect("file.db")
file.execute("pragma journal_mode = wal")
file.execute("create table t(a)")
file.commit()
file.close()
