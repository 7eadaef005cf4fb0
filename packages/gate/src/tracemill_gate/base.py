"""Which commit a change is compared with.

the revision that was named          its merge base with HEAD
HEAD is not in the upstream branch   the merge base with it: what a pull request shows
HEAD is in the upstream branch       where the approvals start of the specs in progress and of the
newest approved one: the oldest of these commits. The work since then is what is on trial
no spec has an approval              the first parent of HEAD

On a detached HEAD without an upstream branch nothing of this can be told. Whatever the base is, it
must not contain HEAD. A name is that of a branch, of a remote before one of here, and only then any
other revision; upstream branches are branches, so that no tag or expression stands in their place.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce

from tracemill_gate.config import Config
from tracemill_gate.errors import (
    BaseHoldsHead,
    DetachedHead,
    NothingToCompare,
    SpecFaults,
    UnknownRevision,
)
from tracemill_gate.git import Repository
from tracemill_gate.planning.current import CURRENT, scan
from tracemill_gate.planning.document import SPECS, parse
from tracemill_gate.planning.status import IN_PROGRESS
from tracemill_schema.spec import Approval


def base_of(repository: Repository, config: Config, named: str | None) -> str:
    """Return the full id of the commit that HEAD is compared with.

    Args:
        repository: The repository.
        config: Its settings; the names of the upstream branches are taken from it.
        named: A branch or another revision, or None for the rule of the module.

    Raises:
        CannotJudge: a commit is unknown here (in a shallow clone with its own message), the
            histories never met or met more than once, the base contains HEAD, HEAD is detached
            and no base can be told, or nothing can be compared.
    """
    head = repository.commit("HEAD")
    base = _told(repository, config, head) if named is None else _named(repository, named, head)
    if base == head:
        raise BaseHoldsHead(
            f"{repository.root}: wanted a base that HEAD adds to, got {named or 'one'} that "
            f"contains HEAD ({head[:12]}): nothing is on trial; commit the change, or name an "
            "older base with --base"
        )
    return base


def _named(repository: Repository, name: str, head: str) -> str:
    return repository.merge_base(repository.branch_commit(name) or name, head)


def _told(repository: Repository, config: Config, head: str) -> str:
    """Return the base by the rule of the module."""
    upstream = repository.branch_commit(*config.upstream)
    if upstream is None and repository.branch is None:
        raise DetachedHead(
            f"{repository.root}: HEAD is detached and no base can be told, for none of the "
            f"branches {', '.join(config.upstream)} is here; name a base with --base"
        )
    left = None if upstream is None else repository.merge_base(upstream, head)
    if left is not None and left != head:
        return left
    return _start_of_work(repository, head) or _parent(repository, head)


def _start_of_work(repository: Repository, head: str) -> str | None:
    """Return the oldest start of the specs in progress and of the newest approved one at HEAD."""
    approvals = _approvals(repository, head)
    if not approvals:
        return None
    text = (repository.show(head, CURRENT) or b"").decode(errors="replace")
    entries = scan(text, name=CURRENT)[0].entries
    going = {f"{SPECS}/{entry.file}" for entry in entries if entry.status == IN_PROGRESS}
    counted = [path for path in approvals if path in going or path == max(approvals)]
    starts = [_start(repository, path, approvals[path].base_commit, head) for path in counted]
    return reduce(repository.merge_base, starts)


def _approvals(repository: Repository, head: str) -> Mapping[str, Approval]:
    """Return file -> approval of all specs at HEAD that have one."""
    found = {}
    for path in repository.paths(head, f"{SPECS}/"):
        folder, _, name = path.rpartition("/")
        if folder != SPECS or not name.endswith(".md"):
            continue
        try:
            text = (repository.show(head, path) or b"").decode()
            approval = parse(text, name=name).spec.approval
        except (UnicodeDecodeError, SpecFaults):
            continue  # the linter reports it; another spec can still tell the base
        if approval is not None:
            found[path] = approval
    return found


def _start(repository: Repository, path: str, commit: str, head: str) -> str:
    try:
        return repository.merge_base(commit, head)
    except UnknownRevision as error:
        raise UnknownRevision(
            f"{repository.root}: {path}: wanted the commit that its approval starts from, "
            f"{commit[:12]}, which is not here; name a base with --base"
        ) from error


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
