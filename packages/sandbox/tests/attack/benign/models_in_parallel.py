import numpy as np
from sklearn.ensemble import RandomForestClassifier

rows = np.random.default_rng(0).random((120, 4))
labels = (rows[:, 0] > 0.5).astype(int)
assert RandomForestClassifier(16, n_jobs=2).fit(rows, labels).score(rows, labels) > 0.9
