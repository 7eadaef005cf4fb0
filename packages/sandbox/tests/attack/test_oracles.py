"""The oracles see what gets out: each of these programs runs without any sandbox."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

pytestmark = pytest.mark.sandbox


@pytest.mark.parametrize(
    ("code", "seen"),
    [
        ("print(open(SECRET_FILE).read())", "the secret is in the result"),
        ("open(CANARY, 'a').write('x')", "the host's files changed: "),
        ("os.chmod(CANARY, 0o600)", "the host's files changed: "),
        ("open(HOST_FOLDER + '/more', 'w')", "the host's files changed: "),
        (
            "import socket\nsocket.create_connection(('127.0.0.1', PORT))",
            "something reached ('127.0.0.1', ",
        ),
        (
            "from socket import *\nsocket(type=SOCK_DGRAM).sendto(b'x', ('127.0.0.1', UDP_PORT))",
            "something reached ('127.0.0.1', ",
        ),
        (
            "import socket\nsocket.socket(socket.AF_UNIX).connect(UNIX_STREAM)",
            "something reached '/",
        ),
        (
            "import socket\nsocket.socket(socket.AF_UNIX).connect('\\0' + ABSTRACT)",
            "something reached b'\\x00mark-",
        ),
        (
            "from socket import *\nsocketpair(type=SOCK_DGRAM)[0].sendto(b'x', UNIX_DATAGRAM)",
            "something reached '/",
        ),
        ("os.kill(VICTIM, 9)", "the victim is in state Z"),
        ("os.kill(VICTIM, 19)", "the victim is in state T"),
        ("os.setpriority(os.PRIO_PROCESS, VICTIM, 19)", "the victim has other limits, priority"),
        (
            "if os.fork() == 0:\n    os.execv('/bin/sh', [MARK, '-c', f': {MARK}; sleep 1; :'])",
            "left processes [",
        ),
        ("print('x' * 2000)", "kept 2001 characters of stdout"),
        ("open(POOL_FOLDER + '/' + MARK, 'w')", "left /"),
        ("open('/tmp/' + MARK, 'w')", "left /tmp/mark-"),
    ],
    ids=lambda words: words[:24],
)
def test_what_gets_out_is_seen(
    code: str,
    seen: str,
    unheld: Callable[[str], list[str]],
    planted: Mapping[str, str | int],
) -> None:
    try:
        broken = unheld(code)
    finally:
        for place in ("/tmp", str(planted["POOL_FOLDER"])):  # noqa: S108 - what was left there
            Path(place, str(planted["MARK"])).unlink(missing_ok=True)
    assert [sentence for sentence in broken if sentence.startswith(seen)], broken
