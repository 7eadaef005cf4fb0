import pandas as pd

assert len(pd.read_csv("data.csv", engine="python", sep=None)) == 6
