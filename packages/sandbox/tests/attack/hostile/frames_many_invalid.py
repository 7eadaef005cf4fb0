from tracemill_sandbox.inside import program


def invalid(answer, nonce):
    said = b"{}"
    return (nonce + len(said).to_bytes(8, "big") + said) * 20_000


program.encode = invalid
