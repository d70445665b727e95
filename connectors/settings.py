"""How sources are opened and files read: what bot.toml says of them, in the connectors' terms."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

MAX_BYTES = 100 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ReadingSettings:
    """What a format's reader may be told; it travels with every item to the worker process."""


DEFAULT_READING = ReadingSettings()


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """What a source may be told."""

    ignore: tuple[str, ...] = ()
    """gitignore patterns, after the defaults and before those of `.monoshiriignore`."""
    max_bytes: int = MAX_BYTES
    """Larger files are rejected."""
    cache: Path | None = None
    """A folder of the bot's own, where a source that is not on this disk keeps what it fetched."""
    reading: ReadingSettings = DEFAULT_READING


DEFAULT_SETTINGS = SourceSettings()
