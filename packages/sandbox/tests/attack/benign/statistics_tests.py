import pandas as pd
import scipy.stats as stats

table = pd.read_csv("data.csv")
assert 0 < stats.ttest_ind(table["size"], table["weight"]).pvalue < 1
assert abs(stats.pearsonr(table["size"], table["weight"])[0]) <= 1
assert 0 < stats.mannwhitneyu(table["size"], table["weight"]).pvalue <= 1
assert 0 <= stats.kstest(table["size"], "norm").pvalue < 1
