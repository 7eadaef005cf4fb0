"""Which commit a change is compared with.

the revision that was named          its merge base with HEAD
HEAD is not in the upstream branch   the merge base with it: what a pull request shows
HEAD is in the upstream branch       the base commit of the newest approved spec, if it lies in
the history: the work since then is what is on trial
no spec has an approval              the first parent of HEAD
"""

from __future__ import annotations

from tracemill_gate.config import Config
from tracemill_gate.errors import NothingToCompare, SpecFaults, UnknownRevision
from tracemill_gate.git import Repository
from tracemill_gate.planning.document import parse
from tracemill_gate.planning.lint import SPECS


def base_of(repository: Repository, config: Config, named: str | None) -> str:
    """Return the full id of the commit that HEAD is compared with.

    Args:
        repository: The repository.
        config: Its settings; the upstream branches are taken from it.
        named: A revision, or None for the rule of the module.

    Raises:
        CannotJudge: a commit is unknown here (in a shallow clone with its own message), the
            histories never met, or nothing can be compared.
        GateUsage: the named revision holds HEAD: nothing would be compared.
    """
    head = repository.commit("HEAD")
    if named is not None:
        return repository.merge_base(named, head)
    upstream = next((c for name in config.upstream if (c := _known(repository, name))), None)
    if upstream is not None and not repository.is_ancestor(head, upstream):
        return repository.merge_base(upstream, head)
    return _newest_approval(repository, head) or _parent(repository, head)


def _known(repository: Repository, revision: str) -> str | None:
    try:
        return repository.commit(revision)
    except UnknownRevision:
        return None


def _newest_approval(repository: Repository, head: str) -> str | None:
    """Return the base commit of the approved spec with the highest number at HEAD."""
    for path in reversed(repository.paths(head, f"{SPECS}/")):
        name = path.removeprefix(f"{SPECS}/")
        if "/" in name or not name.endswith(".md"):
            continue
        try:
            text = (repository.show(head, path) or b"").decode()
            approval = parse(text, name=name).spec.approval
        except (UnicodeDecodeError, SpecFaults):
            continue  # the linter reports it; an older spec can still tell the base
        if approval is not None:
            return repository.merge_base(approval.base_commit, head)
    return None


def _parent(repository: Repository, head: str) -> str:
    parents = repository.text("rev-list", "--parents", "-n", "1", head).split(" ")[1:]
    if parents:
        return parents[0]
    if repository.is_shallow:
        return repository.commit(f"{head}^")  # raises, and says that the clone is shallow
    raise NothingToCompare(
        f"{repository.root}: HEAD is the first commit and nothing can be compared with it; "
        "name a base with --base, or commit on top of it"
    )
