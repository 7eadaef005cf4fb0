import os

os._exit(213)
