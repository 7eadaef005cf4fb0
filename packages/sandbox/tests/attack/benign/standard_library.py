import ast
import base64
import bisect
import calendar
import collections
import contextlib
import copy
import csv
import dataclasses
import datetime
import decimal
import difflib
import enum
import fractions
import functools
import getpass
import gzip
import hashlib
import heapq
import html
import inspect
import io
import itertools
import locale
import logging
import math
import operator
import os
import platform
import pprint
import re
import secrets
import statistics
import string
import struct
import textwrap
import time
import tokenize
import typing
import unicodedata
import urllib.parse
import uuid
import xml.etree.ElementTree
import zlib

logging.warning("a warning")
assert uuid.uuid4().version == 4
assert hashlib.sha256(b"").hexdigest().startswith("e3b0")
assert gzip.decompress(gzip.compress(b"x")) == zlib.decompress(zlib.compress(b"x"))
assert os.cpu_count() >= 1 and platform.machine() and getpass.getuser()
assert datetime.datetime.now().year >= 2024 <= time.localtime().tm_year
assert statistics.median([1, 2, 9]) == 2 and math.isclose(decimal.Decimal("0.1"), 0.1)
assert xml.etree.ElementTree.fromstring("<a><b/></a>")[0].tag == "b"
assert locale.getlocale()[1].upper().replace("-", "") == "UTF8"
