import pandas as pd
import statsmodels.api as sm

table = pd.read_csv("data.csv")
assert 0 <= sm.OLS(table["size"], sm.add_constant(table["weight"])).fit().rsquared <= 1
