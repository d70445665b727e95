"""Which reader takes which suffix. A new format is one module in `formats` and one line here."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from connectors.errors import UnreadableFile
from connectors.reading import InputFile, Reading

READERS = {
    ".md": "connectors.formats.markdown:read",
    ".markdown": "connectors.formats.markdown:read",
    ".txt": "connectors.formats.text:read",
    ".log": "connectors.formats.text:read",
    ".html": "connectors.formats.html:read",
    ".htm": "connectors.formats.html:read",
    ".docx": "connectors.formats.docx:read",
    ".pdf": "connectors.formats.pdf:read",
    ".xlsx": "connectors.formats.xlsx:read",
    ".xlsm": "connectors.formats.xlsx:read",
    ".pptx": "connectors.formats.pptx:read",
    ".eml": "connectors.formats.eml:read",
    ".csv": "connectors.formats.csv:read",
    ".tsv": "connectors.formats.csv:read",
    ".json": "connectors.formats.json:read",
}

SAVE_AS = {
    ".doc": ".docx",
    ".rtf": ".docx",
    ".odt": ".docx",
    ".pages": ".docx",
    ".xls": ".xlsx",
    ".xlsb": ".xlsx",
    ".ods": ".xlsx",
    ".numbers": ".xlsx",
    ".ppt": ".pptx",
    ".odp": ".pptx",
    ".key": ".pptx",
    ".msg": ".eml",
    ".mht": ".html",
    ".mhtml": ".html",
}
"""Formats that aren't read, and what the program that wrote them can save instead."""


def reader_for(path: Path) -> Callable[[InputFile], Reading]:
    """The reader for the file's suffix; `UnreadableFile` (`unsupported`) where there is none."""
    check_supported(path)
    module, _, function = READERS[path.suffix.lower()].partition(":")
    reader: Callable[[InputFile], Reading] = getattr(import_module(module), function)
    return reader


def check_supported(path: Path) -> None:
    """Raise `UnreadableFile` (`unsupported`) with what to do, where no reader takes the suffix."""
    suffix = path.suffix.lower()
    if suffix in READERS:
        return
    if suffix in SAVE_AS:
        remedy = f"Save it as {SAVE_AS[suffix]} and import again."
    else:
        remedy = f"Supported are {', '.join(READERS)}."
    what = (
        f"Files of type {suffix} are not read." if suffix else "Files without suffix are not read."
    )
    raise UnreadableFile("unsupported", what, remedy=remedy)
