"""How sources are opened and files read: what bot.toml says of them, in the connectors' terms."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from connectors.web.settings import DEFAULT_WEB, WebSettings

MAX_BYTES = 100 * 1024 * 1024
DEFAULT_IGNORE = (".*", "~$*", "Thumbs.db", "desktop.ini", "__MACOSX/")
"""gitignore patterns: hidden files and folders, Office's lock files, leavings of other systems."""


@dataclass(frozen=True, slots=True)
class ReadingSettings:
    """What a format's reader may be told; it travels with every item to the worker process."""

    max_bytes: int = MAX_BYTES
    """Larger files inside a file are rejected."""
    ignore: tuple[str, ...] = DEFAULT_IGNORE
    """gitignore patterns for files inside files, matched with `outer.zip/inner/path`."""
    columns: tuple[tuple[str, str], ...] = ()
    """(heading, what it holds): a field of `connectors.catalog.headings`, `attribute` or `ignore`;
    goes before what the headings say by themselves."""
    pdf_password_env: str = "MONOSHIRI_PDF_PASSWORDS"  # noqa: S105 - a name
    """Name of the environment variable that holds the passwords of PDFs, one a line."""
    ocr: Literal["off", "auto", "images"] = "auto"
    """`auto`: scanned pages of PDFs are read, where the program is installed; `images`: and
    pictures."""
    ocr_seconds: float = 60.0
    """How long OCR may work on one file."""
    ocr_installed: bool = True
    """False where its program was not found: bots read scans anew when it is there."""

    @property
    def environment(self) -> tuple[str, ...]:
        """Names of the variables that a reader has to know; see `Item.environment`."""
        return (self.pdf_password_env,) if self.pdf_password_env else ()

    def pdf_passwords(self) -> tuple[str, ...]:
        """The passwords to try, from the environment."""
        lines = os.environ.get(self.pdf_password_env, "").split("\n")
        return tuple(line.strip("\r") for line in lines if line.strip())


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
    web: WebSettings = DEFAULT_WEB


DEFAULT_SETTINGS = SourceSettings()
