import pandas as pd

table = pd.read_csv("data.csv", engine="pyarrow")
table.to_parquet("table.parquet")
assert pd.read_parquet("table.parquet").equals(table)
