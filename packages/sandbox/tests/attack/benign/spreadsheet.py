import pandas as pd

table = pd.read_csv("data.csv")
table.to_excel("table.xlsx", index=False)
assert pd.read_excel("table.xlsx").shape == table.shape
