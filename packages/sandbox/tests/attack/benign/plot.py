import os

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

plt.plot([1, 2, 3], label="ä")
plt.legend()
plt.savefig("plot.png")
plt.savefig("plot.svg")
assert os.path.getsize("plot.png") > 1000
