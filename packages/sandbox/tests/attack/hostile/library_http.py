import urllib.request

import pandas
from aim import PORT, tries

tries("pandas", pandas.read_csv, f"http://127.0.0.1:{PORT}/x.csv")
tries("pandas by https", pandas.read_json, f"https://localhost:{PORT}/x.json")
tries("urllib", urllib.request.urlopen, f"http://127.0.0.1:{PORT}/", None, 0.3)
tries("ftp", urllib.request.urlopen, f"ftp://127.0.0.1:{PORT}/", None, 0.3)
