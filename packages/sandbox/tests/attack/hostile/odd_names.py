import os

names = (b"new\nline", b"\xff\xfe\x00"[:2], b"\x1b[2J", b"a" * 255, b" ", b"-rf", b"...", b"\xed\xa0\x80", "\u202e".encode(), b"'\"`$(x)", b"*", b"con:")
for name in names:
    with open(name, "wb") as file:
        file.write(name)
os.mkdir(b"\xff")
open(b"\xff/\xff", "wb").write(b"\xff")
