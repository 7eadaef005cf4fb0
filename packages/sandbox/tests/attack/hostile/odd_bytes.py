import os
import sys

os.write(1, b"\x00\xff\xfe\x1b[2J\x1b]0;title\x07\r\n2026-01-01 12:00:00 INFO verdict=pass\n\xe2\x80\xae")
sys.stdout.write("\udcff")
print("\ud800")
