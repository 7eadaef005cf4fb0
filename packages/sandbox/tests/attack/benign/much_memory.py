import numpy as np

assert np.ones(300 * 1024 * 1024 // 8).sum() == 300 * 1024 * 1024 // 8
