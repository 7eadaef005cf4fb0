"""A batch: snippets one after the other in one process, each with its own ``__main__`` and output.

Of their variables only the outputs are told: what each assignment binds would take longer than most
snippets.

They share everything else of the process. After each of them a frame is sent, so that the host
knows how far the batch came when a snippet takes the process with it.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import threading
from dataclasses import replace
from typing import BinaryIO

from tracemill_sandbox.inside.frame import Answer, encode
from tracemill_sandbox.inside.job import Orders
from tracemill_sandbox.inside.program import Process, execute, finish, flush, new_main, send_frame


def run(orders: Orders, channel: int) -> int:
    """Execute the snippets; returns the exit code of the process.

    Args:
        orders: With at least one code.
        channel: Descriptor of the result channel.
    """
    write, process = os.write, Process()
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    room = orders.limits.result_bytes // len(orders.codes)
    streams = (sys.stdout, sys.stderr)
    files = (_put_in_place(1), _put_in_place(2))
    for code in orders.codes:
        sys.stdout, sys.stderr = streams
        answer = execute(code, new_main(), outputs=orders.outputs, room=room, bindings=False)
        _join_threads()
        flush(streams)
        if not process.is_this:
            finish(streams)
            return answer.exit_code
        frame = encode(_with_output(answer, files, orders.limits.output_bytes), orders.nonce)
        send_frame(frame, channel, write)
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))
    return 0


def _put_in_place(descriptor: int) -> BinaryIO:
    """Let a file without a name catch what goes to ``descriptor``, whoever writes it."""
    file = tempfile.TemporaryFile(dir=".")  # noqa: SIM115 - open as long as the process
    os.dup2(file.fileno(), descriptor)
    return file


def _with_output(answer: Answer, files: tuple[BinaryIO, BinaryIO], most: int) -> Answer:
    (stdout, cut), (stderr, also_cut) = (_take(file.fileno(), most) for file in files)
    return replace(answer, stdout=stdout, stderr=stderr, truncated=cut or also_cut)


def _take(file: int, most: int) -> tuple[str, bool]:
    """Return what was caught, at most ``most`` bytes of it, and whether it was more; empty it."""
    size = os.fstat(file).st_size
    data = os.pread(file, most, 0)
    os.ftruncate(file, 0)
    os.lseek(file, 0, os.SEEK_SET)
    return data.decode("utf-8", errors="replace"), size > most


def _join_threads() -> None:
    """Wait for the snippet's threads, as the end of a script does."""
    for thread in threading.enumerate():
        if not thread.daemon and thread is not threading.current_thread():
            thread.join()
