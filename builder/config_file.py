"""The bot's own bot.toml: made on the first build, kept with its comments by later ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from builder.config import Config, load_config
from builder.workspace import Workspace, write_text

Values = Mapping[str, Mapping[str, Any]]
QUICK: Values = {
    "training": {"max_minutes": 6.0, "epochs": 2.5, "validations": 3, "replay_share": 0.0},
    "evaluation": {"questions": 12},
    "dataset": {"max_pairs": 600, "wordings": 4},
}
"""What `--quick` sets for one run: minutes instead of the half hour that training may take."""


def make_config(
    workspace: Workspace, sources: Sequence[str], begin_with: Path | None, values: Values
) -> Config:
    """Write bot.toml: the file to begin with, or the one that is there, with these sources and
    further values. Returns what it now says.

    Raises ConfigError when the file to begin with has faults; nothing is written then.
    """
    import tomlkit

    given = begin_with or (workspace.config if workspace.config.exists() else None)
    text = "# What each key means: docs/configuration.md\n"
    if given is not None:
        load_config(given)
        text = given.read_text(encoding="utf-8-sig")
    document = tomlkit.parse(text)
    paths = [_absolute(source) for source in sources]
    for name, keys in {**values, "sources": {"paths": paths}}.items():
        table = document.setdefault(name, tomlkit.table())
        for key, value in keys.items():
            table[key] = value
    write_text(workspace.config, tomlkit.dumps(document))
    return load_config(workspace.config)


def with_values(config: Config, values: Values) -> Config:
    """The configuration with further values, for one run."""
    merged = config.model_dump()
    for name, keys in values.items():
        merged[name].update(keys)
    return Config.model_validate(merged)


def _absolute(source: str) -> str:
    """A path holds wherever the next command is run; an address stays as it is."""
    if source.startswith("sqlite:///"):
        path = Path(source.removeprefix("sqlite:///")).expanduser().resolve()
        return f"sqlite:///{path}"
    return source if "://" in source else str(Path(source).expanduser().resolve())
