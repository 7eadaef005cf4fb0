"""What the host hands to a fork server for one run: five descriptors and nothing else.

The program itself stands in the request's descriptor, which only the run's own process reads;
so the server's memory never holds a program, and a later run can not find an earlier one in it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from tracemill_sandbox.request import Limits

DESCRIPTORS = 5
HELLO_BYTES = 1 << 16


@dataclass(frozen=True, kw_only=True)
class Job:
    """Descriptors of one run, in the order in which they are sent."""

    request: int
    result: int
    stdout: int
    stderr: int
    status: int

    def descriptors(self) -> tuple[int, int, int, int, int]:
        """Return them in the order of sending."""
        return (self.request, self.result, self.stdout, self.stderr, self.status)


@dataclass(frozen=True, kw_only=True)
class Orders:
    """What the run's own process reads from the request's descriptor."""

    code: str
    outputs: tuple[str, ...]
    limits: Limits
    folder: str
    nonce: bytes

    def to_bytes(self) -> bytes:
        """Return JSON; lone surrogates in the code survive."""
        return json.dumps(asdict(self) | {"nonce": self.nonce.hex()}).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Orders:
        """Read what ``to_bytes`` wrote; the host is trusted here."""
        values = json.loads(data)
        return cls(
            code=values["code"],
            outputs=tuple(values["outputs"]),
            limits=Limits(**values["limits"]),
            folder=values["folder"],
            nonce=bytes.fromhex(values["nonce"]),
        )
