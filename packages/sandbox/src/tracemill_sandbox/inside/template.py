"""The template: a clean process with the libraries loaded, from which workers are forked.

Started with a scrubbed environment as ``python -s -P -B -X utf8 -m
tracemill_sandbox.inside.template SETTINGS``, a JSON object (``Settings``). It ends when its control
socket does, and the workers with it, so nothing can outlive the host. Of the host's signals and
its mask of file modes it inherits nothing.
"""

from __future__ import annotations

import contextlib
import fcntl
import functools
import gc
import importlib
import json
import os
import platform
import select
import signal
import socket
import sys
import traceback
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import NoReturn

from tracemill_sandbox.inside import prefault, server, warm
from tracemill_sandbox.inside.job import Message, receive, send
from tracemill_sandbox.kernel import call, confine, usage, veil
from tracemill_sandbox.kernel.tier import Offer, needed_paths, probe

_MOST_DIGITS = 20
"""Of a process id."""

_FILE_MASK = 0o022
"""As by default on most systems. Under the host's own, what we lay over a closed folder (``veil``)
might be closed to the runs too, and what a program sees would depend on who started the pool."""

_PYTHONS_OWN = (signal.SIGPIPE, signal.SIGXFSZ)
"""The interpreter ignores them, so that they become exceptions."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the host tells the template.

    Attributes:
        control: Descriptor of its control socket.
        uid: A user that runs may have, to try out what holds for it.
        folder: Folder of the pool; runs of all workers lie below it.
        avoid: Parts of the tier that are not to be used.
        spares: Processes that each worker keeps waiting for runs.
        libraries: What to load, where it is installed.
    """

    control: int
    uid: int
    folder: str
    avoid: tuple[str, ...]
    spares: int
    libraries: tuple[str, ...]

    def to_text(self) -> str:
        """Return JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> Settings:
        """Read what ``to_text`` wrote."""
        values = json.loads(text)
        return cls(
            **values | {"avoid": tuple(values["avoid"]), "libraries": tuple(values["libraries"])},
        )


def main(text: str) -> None:
    """Load, greet the host, fork workers until it hangs up."""
    os.umask(_FILE_MASK)
    settings = Settings.from_text(text)
    control = socket.socket(fileno=settings.control)
    forget_the_hosts_signals()
    end_with(control.fileno(), os.getpid())
    if _has_gone(control):
        return
    if os.getuid() != settings.uid:
        _open_up((*needed_paths(), settings.folder))
    offer = probe(settings.uid, settings.avoid)
    call.set_dumpable(dumpable=False)
    call.adopt_orphans()
    if not offer.enough:
        _tell(control, {"offer": asdict(offer)})
        return
    libraries = _preload(settings.libraries)
    confine.prepare(offer.tier)
    gc.collect()
    gc.freeze()
    prefault.give_back()
    pages = prefault.Pages()
    if settings.spares:  # without them a run would wait for what it may not need
        pages = prefault.learn(functools.partial(warm.sample, frozenset(libraries)))
    python = platform.python_version()
    serve_with(control)
    _tell(control, {"offer": asdict(offer), "python": python, "libraries": libraries})
    _serve(control, settings, offer, pages)


def forget_the_hosts_signals() -> None:
    """Take back what a process inherits of its parent's signals.

    A host that ignores SIGCHLD could not wait for children here either, and a program whose
    SIGALRM is ignored or blocked would wait for it in vain.
    """
    for number in signal.valid_signals():
        if signal.getsignal(number) == signal.SIG_IGN and number not in _PYTHONS_OWN:
            signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # a handler would make it a signal that reaches us
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def end_with(control: int, process: int) -> None:
    """Have a process end when the other side of a socket does, whatever it is about.

    Loading takes seconds in which it does not look at the socket. The kernel sends SIGIO, which
    ends it, when the other side says something or hangs up; before the greeting it says nothing.
    The host asks for this at once, and the template again: it may have a launcher above it.
    """
    fcntl.fcntl(control, fcntl.F_SETOWN, process)
    fcntl.fcntl(control, fcntl.F_SETFL, fcntl.fcntl(control, fcntl.F_GETFL) | os.O_ASYNC)


def _has_gone(control: socket.socket) -> bool:
    """Tell whether the host has hung up before ``end_with``."""
    poller = select.poll()
    poller.register(control, select.POLLIN)
    return bool(poller.poll(0))


def serve_with(control: socket.socket) -> None:
    """Undo ``end_with``: from here on the socket is looked at, and workers are seen off."""
    fcntl.fcntl(control, fcntl.F_SETFL, fcntl.fcntl(control, fcntl.F_GETFL) & ~os.O_ASYNC)


def _open_up(needed: tuple[str, ...]) -> None:
    try:
        veil.open_up(needed)
    except OSError as error:
        sys.exit(
            f"{error.filename}: {error.strerror}, and the interpreter lies in a folder closed to "
            "others: put the environment where they can read it, or do not run as root"
        )


def _preload(libraries: tuple[str, ...]) -> dict[str, str]:
    """Import what is installed of ``libraries`` and make it ready to be used; tell versions."""
    versions: dict[str, str] = {}
    for name in libraries:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
            library = name.partition(".")[0]
            versions[library] = str(getattr(sys.modules[library], "__version__", "unknown"))
    warm.up(frozenset(versions))
    return versions


def _serve(control: socket.socket, settings: Settings, offer: Offer, pages: prefault.Pages) -> None:
    poller = select.poll()
    poller.register(control, select.POLLIN)
    children: dict[int, int] = {}
    while True:
        for descriptor, _ in poller.poll():
            if descriptor in children:
                poller.unregister(descriptor)
                os.waitpid(children.pop(descriptor), 0)
                os.close(descriptor)
                usage.end_strays(children.values())
                continue
            received = receive(control)
            if received is None:
                _end()
                return
            message, (theirs,) = received
            place = server.Place(
                tier=offer.tier,
                uid=int(str(message["uid"])),
                folder=str(message["fork"]),
                spares=settings.spares,
                pages=pages,
            )
            worker = _fork(control, theirs, place)
            handle = os.pidfd_open(worker)
            children[handle] = worker
            poller.register(handle, select.POLLIN)
            _tell(control, {"forked": message["fork"]}, [handle])


def _tell(control: socket.socket, message: Message, descriptors: Sequence[int] = ()) -> None:
    with contextlib.suppress(BrokenPipeError):  # that the host has gone is heard next
        send(control, message, descriptors)


def _fork(control: socket.socket, theirs: int, place: server.Place) -> int:
    """Fork a worker; return its id. It is a child of ours, and adopted where namespaces hold."""
    reader, told = os.pipe()
    child = os.fork()
    if child == 0:
        control.close()
        os.close(reader)
        _become_worker(theirs, place, told)
    os.close(theirs)
    os.close(told)
    worker = int(os.read(reader, _MOST_DIGITS) or child)  # one that failed says nothing and ends
    os.close(reader)
    if worker != child:
        os.waitpid(child, 0)
    return worker


def _end() -> None:
    """End the workers and all that their runs started; were we killed, the kernel would end them.

    All are killed before one is waited for: the kernel may be long in ending a worker, we may be
    killed meanwhile, and then nobody is left who can find what a run left behind.
    """
    usage.end_strays(())


def _become_worker(control: int, place: server.Place, told: int) -> NoReturn:
    """Serve runs in this child, or in one of its own."""
    code = 1
    try:
        server.serve(control, place, told)
        code = 0
    finally:
        if code:
            traceback.print_exc()  # into the template's log; nobody is above us to see it
        os._exit(code)


if __name__ == "__main__":
    main(sys.argv[1])
