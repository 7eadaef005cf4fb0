import ctypes
import importlib.machinery
import linecache
import mmap
import pathlib
import sqlite3
import tarfile
import tokenize

import numpy
import pandas
from aim import SECRET_FILE, escaped, libc, tries


def mapped():
    descriptor = libc.open(SECRET_FILE.encode(), 0)
    return mmap.mmap(descriptor, 0, prot=mmap.PROT_READ)[:]


def attached():
    return sqlite3.connect(":memory:").execute("attach ? as other", (SECRET_FILE,)).fetchall()


tries("pandas", lambda: pandas.read_csv(SECRET_FILE, header=None).to_string())
tries("pandas, python engine", lambda: pandas.read_csv(SECRET_FILE, engine="python", header=None).to_string())
tries("pandas by URL", lambda: pandas.read_table("file://" + SECRET_FILE, header=None).to_string())
tries("fixed width", lambda: pandas.read_fwf(SECRET_FILE, header=None).to_string())
tries("numpy", lambda: numpy.fromfile(SECRET_FILE, dtype="S1").tobytes())
tries("numpy text", lambda: numpy.loadtxt(SECRET_FILE, dtype=str))
tries("numpy map", lambda: bytes(numpy.memmap(SECRET_FILE, mode="r")))
tries("pathlib", lambda: pathlib.Path(SECRET_FILE).read_bytes())
tries("the import system", lambda: importlib.machinery.SourceFileLoader("s", SECRET_FILE).get_data(SECRET_FILE))
tries("tokenize", lambda: tokenize.open(SECRET_FILE).read())
tries("tarfile", lambda: tarfile.open("t.tar", "w").add(SECRET_FILE))
tries("sqlite", attached)
tries("the C library and mmap", mapped)
if linecache.getlines(SECRET_FILE):
    escaped("linecache")
if ctypes.CDLL(None).fopen(SECRET_FILE.encode(), b"r"):
    escaped("fopen")
