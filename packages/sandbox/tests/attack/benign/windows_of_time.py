import numpy as np
import pandas as pd

hours = pd.Series(np.arange(96.0), index=pd.date_range("2024", periods=96, freq="h"))
assert hours.rolling(3).mean().resample("D").max().tolist() == [22.0, 46.0, 70.0, 94.0]
