import gzip

import pandas

with gzip.open("b.csv.gz", "wb", compresslevel=1) as file:
    file.write(b"x\n")
    for _ in range(40):
        file.write(b"1\n" * (4 << 20))
print(len(pandas.read_csv("b.csv.gz")))
