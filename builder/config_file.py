"""The bot's own bot.toml: made on the first build, kept by later ones."""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from builder.config import load_config
from builder.workspace import Workspace, write_text

Values = Mapping[str, Mapping[str, Any]]
QUICK: Values = {
    "training": {"max_minutes": 4.0, "epochs": 2.0, "validations": 3},
    "evaluation": {"questions": 16},
    "dataset": {"max_pairs": 1500},
}
"""What `--quick` sets: minutes instead of the half hour that training may take otherwise."""


def make_config(
    workspace: Workspace, sources: Sequence[str], begin_with: Path | None, values: Values
) -> None:
    """Write bot.toml from a given file, the sources and further values; an existing one only gets
    the sources anew.

    Raises ConfigError when the file to begin with has faults; nothing is written then.
    """
    base: dict[str, Any] = {}
    given = begin_with or (workspace.config if workspace.config.exists() else None)
    if given is not None:
        load_config(given)
        base = tomllib.loads(given.read_text(encoding="utf-8-sig"))
    for table, keys in values.items():
        base[table] = {**base.get(table, {}), **keys}
    paths = [_absolute(source) for source in sources]
    base["sources"] = {**base.get("sources", {}), "paths": paths}
    write_text(workspace.config, to_toml(base))


def to_toml(values: Mapping[str, Any]) -> str:
    """Tables of plain values as TOML; a list of tables becomes `[[name]]`."""
    lines = ["# What each key means: docs/configuration.md", ""]
    for name, table in values.items():
        for entry in table if isinstance(table, list) else [table]:
            lines.append(f"[[{name}]]" if isinstance(table, list) else f"[{name}]")
            lines.extend(f"{key} = {_value(value)}" for key, value in entry.items())
            lines.append("")
    return "\n".join(lines)


def _value(value: Any) -> str:
    """JSON's strings, finite numbers, booleans and lists are TOML's too."""
    if value in (math.inf, -math.inf):
        return str(value)
    return json.dumps(value, ensure_ascii=False)


def _absolute(source: str) -> str:
    """A path holds wherever the next command is run; an address stays as it is."""
    return source if "://" in source else str(Path(source).expanduser().resolve())
