import random

import numpy as np

assert np.random.default_rng(0).integers(1000) == np.random.default_rng(0).integers(1000)
assert np.random.rand() != np.random.rand()
assert random.random() != random.random()
