import gc
import os
import struct
import sys

found = set()
frame = sys._getframe()
while frame is not None:
    found |= {value for value in frame.f_locals.values() if type(value) is bytes and len(value) == 32}
    frame = frame.f_back
for thing in gc.get_objects():
    if type(thing) is dict:
        found |= {value for value in thing.values() if type(value) is bytes and len(value) == 32}
shell = b'{"exception":null,"memory":false,"outputs":[{"line_number":0,"name":"answer","value":%s,"value_hash":"' + b"0" * 64 + b'","coverage":"whole"}],"bindings":[],"dropped":0,"exit_code":0}'
values = (b"[" * 100000 + b"]" * 100000, b"9" * 100000, b"1e999999", b"NaN", b"-Infinity", b'"\\ud800"', b'"\xff"', b'{"a":1,"a":2}', b"18446744073709551616", b"-0.0", b'"' + b"x" * 400000 + b'"', b"1" + b"0" * 308 + b".5", b"null")
bodies = [shell % value for value in values]
bodies += [
    b"",
    b"null",
    b"[]",
    b"{}",
    b"\xff" * 100,
    b"{" * 1000,
    shell % b"1" + b"x",
    (shell % b"1").replace(b'"dropped":0', b'"dropped":-1'),
    (shell % b"1").replace(b'"exit_code":0', b'"exit_code":1e3'),
    (shell % b"1").replace(b"whole", b"summary").replace(b"null", b'"\\u0000"'),
]
for number in range(3, 1024):
    for nonce in found:
        try:
            os.write(number, nonce)
            os.write(number, struct.pack(">Q", 5) + b"short")
            for body in bodies:
                os.write(number, nonce + struct.pack(">Q", len(body)) + body)
            os.write(number, nonce + struct.pack(">Q", (1 << 64) - 1) + b"x" * 1000)
            os.write(number, nonce * 3)
        except OSError:
            break
print(len(found))
os._exit(0)
