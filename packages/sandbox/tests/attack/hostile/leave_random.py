import random

import numpy

random.seed(0)
numpy.random.seed(0)
