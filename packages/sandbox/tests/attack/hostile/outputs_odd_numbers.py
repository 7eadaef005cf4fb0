import decimal
import fractions

answer = [
    float("nan"),
    float("inf"),
    2**70,
    -(2**200),
    "\ud800",
    b"\xff",
    1j,
    decimal.Decimal("sNaN"),
    decimal.Decimal("1e999999"),
    fractions.Fraction(1, 3),
    -0.0,
    1e-320,
    {float("nan"): 1},
    {None: 1, "None": 2},
    {1: 1, "1": 2},
    ...,
    NotImplemented,
    range(10**30),
]
for one in list(answer):
    answer = one
