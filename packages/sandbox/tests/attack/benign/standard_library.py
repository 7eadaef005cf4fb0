import ast, base64, bisect, calendar, collections, contextlib, copy, csv, dataclasses, datetime, decimal, difflib, enum, fractions, functools, getpass, gzip, hashlib, heapq, html, inspect, io, itertools, locale, logging, math, operator, os, platform, pprint, re, secrets, statistics, string, struct, textwrap, time, tokenize, typing, unicodedata, urllib.parse, uuid, xml.etree.ElementTree, zlib

logging.warning("a warning")
assert uuid.uuid4().version == 4
assert hashlib.sha256(b"").hexdigest().startswith("e3b0")
assert gzip.decompress(gzip.compress(b"x")) == zlib.decompress(zlib.compress(b"x"))
assert os.cpu_count() >= 1 and platform.machine() and getpass.getuser()
assert datetime.datetime.now().year >= 2024 <= time.localtime().tm_year
assert statistics.median([1, 2, 9]) == 2 and math.isclose(decimal.Decimal("0.1"), 0.1)
assert xml.etree.ElementTree.fromstring("<a><b/></a>")[0].tag == "b"
assert locale.getlocale()[1].upper().replace("-", "") == "UTF8"
