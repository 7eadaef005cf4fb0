import json

import pandas as pd

table = pd.read_csv("data.csv")
means = table.groupby("kind")["size"].mean().to_dict()
assert json.loads(json.dumps(means)) == {"a": 2.5, "b": 3.5}
