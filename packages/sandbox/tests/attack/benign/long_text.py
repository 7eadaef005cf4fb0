text = "a" * 300_000_000
assert len(text.upper()) == 300_000_000
