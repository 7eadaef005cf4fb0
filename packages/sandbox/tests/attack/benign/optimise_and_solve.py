import numpy as np
import scipy.linalg
import scipy.optimize
import scipy.sparse

assert abs(scipy.optimize.minimize(lambda v: (v[0] - 3) ** 2, [0]).x[0] - 3) < 1e-3
assert scipy.linalg.svd(np.eye(40))[1].sum() == 40
assert scipy.sparse.eye(7).sum() == 7
