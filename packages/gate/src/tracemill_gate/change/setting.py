"""The settings that a change is judged by: those of the base, which the change cannot have written.

Only the names of the upstream branches are taken from HEAD, for without them there is no base.
"""

from __future__ import annotations

from dataclasses import dataclass

from tracemill_gate.config import FILE, Config, parse_config
from tracemill_gate.errors import ConfigFault
from tracemill_gate.git import Repository

TABLE = "[tool.tracemill.gate]"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What holds for a change.

    Attributes:
        config: The settings.
        remarks: What a reviewer must know of them.
    """

    config: Config
    remarks: tuple[str, ...]


def settings_for(repository: Repository, base: str, at_head: Config) -> Settings:
    """Return the settings of the base; those of HEAD where the base has none that can be read.

    Args:
        repository: The repository.
        base: Full id of the commit that HEAD is compared with.
        at_head: The settings of HEAD.
    """
    try:
        config = parse_config(repository.show(base, FILE) or b"", where=f"{base[:12]}:{FILE}")
    except ConfigFault:
        remark = f"the base has no {TABLE} that can be read: judged by that of HEAD"
        return Settings(config=at_head, remarks=(remark,))
    if config == at_head:
        return Settings(config=config, remarks=())
    remark = f"{TABLE} is another than at the base: judged by that of the base"
    return Settings(config=config, remarks=(remark,))
