import numpy as np
from sklearn.cluster import KMeans
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression

rows = np.random.default_rng(0).random((120, 4))
labels = (rows[:, 0] > 0.5).astype(int)
assert LinearRegression().fit(rows, labels).score(rows, labels) > 0.5
assert RandomForestClassifier(8).fit(rows, labels).score(rows, labels) > 0.9
assert KMeans(3, n_init=2).fit(rows).inertia_ > 0
