import pandas as pd

table = pd.read_csv("data.csv")
joined = table.merge(table.groupby("kind")["size"].sum().rename("total"), on="kind")
wide = joined.pivot_table(index="kind", values="total", aggfunc="max")
assert wide["total"].to_dict() == {"a": 10, "b": 7}
