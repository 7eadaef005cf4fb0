import random

import numpy
from aim import escaped

drawn = random.random(), numpy.random.rand()
random.seed(0)
numpy.random.seed(0)
if drawn[0] == random.random() or drawn[1] == numpy.random.rand():
    escaped("random numbers could be foreseen")
