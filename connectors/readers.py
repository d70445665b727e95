"""Which reader takes which suffix. A new format is one module in `formats` and one line here."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from connectors import plugins
from connectors.errors import PluginError, UnreadableFile
from connectors.reading import InputFile, Reading
from connectors.signatures import suffix_by_content

READERS = {
    ".md": "connectors.formats.markdown:read",
    ".markdown": "connectors.formats.markdown:read",
    ".txt": "connectors.formats.text:read",
    ".log": "connectors.formats.text:read",
    ".html": "connectors.formats.html:read",
    ".htm": "connectors.formats.html:read",
    ".docx": "connectors.formats.docx:read",
    ".pdf": "connectors.formats.pdf:read",
    ".png": "connectors.formats.image:read",
    ".jpg": "connectors.formats.image:read",
    ".jpeg": "connectors.formats.image:read",
    ".tif": "connectors.formats.image:read",
    ".tiff": "connectors.formats.image:read",
    ".xlsx": "connectors.formats.xlsx:read",
    ".xlsm": "connectors.formats.xlsx:read",
    ".pptx": "connectors.formats.pptx:read",
    ".eml": "connectors.formats.eml:read",
    ".msg": "connectors.formats.msg:read",
    ".mbox": "connectors.formats.mbox:read",
    ".zip": "connectors.formats.zip:read",
    ".csv": "connectors.formats.csv:read",
    ".tsv": "connectors.formats.csv:read",
    ".json": "connectors.formats.json:read",
    ".jsonl": "connectors.formats.jsonl:read",
    ".ndjson": "connectors.formats.jsonl:read",
    ".xml": "connectors.formats.xml:read",
    ".rss": "connectors.formats.xml:read",
    ".atom": "connectors.formats.xml:read",
    ".mht": "connectors.formats.mhtml:read",
    ".mhtml": "connectors.formats.mhtml:read",
    ".rtf": "connectors.formats.rtf:read",
    ".odt": "connectors.formats.odt:read",
    ".ods": "connectors.formats.ods:read",
    ".odp": "connectors.formats.odp:read",
    ".epub": "connectors.formats.epub:read",
    ".doc": "connectors.formats.office_binary:read",
    ".xls": "connectors.formats.office_binary:read",
    ".ppt": "connectors.formats.office_binary:read",
}

RECIPES: dict[str, int] = {".eml": 2, ".pdf": 2}
"""Suffix → a number to raise when its reader reads differently, so that bots read such files anew;
1 where it isn't named."""

SAVE_AS = {
    ".pages": ".docx",
    ".xlsb": ".xlsx",
    ".numbers": ".xlsx",
    ".key": ".pptx",
}
"""Formats that aren't read, and what the program that wrote them can save instead."""


def recipe_of(source: str) -> int:
    """Which version of the reader an item of that name is read with."""
    return RECIPES.get(Path(source).suffix.lower(), 1) if RECIPES else 1


def reader_for(path: Path) -> Callable[[InputFile], Reading]:
    """The reader for the file's suffix, or for its content where that is clearly another format.

    Raises `UnreadableFile` (`unsupported`) where there is none, OSError where it can't be opened.
    """
    check_supported(path)
    suffix, actual = path.suffix.lower(), suffix_by_content(path)
    suffix = actual if actual in READERS and suffix in READERS else suffix
    if suffix in READERS:
        module, _, function = READERS[suffix].partition(":")
        reader: Callable[[InputFile], Reading] = getattr(import_module(module), function)
        return reader
    try:
        return plugins.load(plugins.FORMATS_GROUP, suffix[1:])
    except PluginError as exc:
        raise UnreadableFile("unsupported", exc.what, remedy=exc.remedy) from exc


def check_supported(path: Path) -> None:
    """Raise `UnreadableFile` (`unsupported`) with what to do, where no reader takes the suffix."""
    suffix = path.suffix.lower()
    if suffix in READERS or suffix[1:] in plugins.names(plugins.FORMATS_GROUP):
        return
    if suffix in SAVE_AS:
        remedy = f"Save it as {SAVE_AS[suffix]} and import again."
    else:
        remedy = f"Supported are {', '.join(READERS)}."
    what = (
        f"Files of type {suffix} are not read." if suffix else "Files without suffix are not read."
    )
    raise UnreadableFile("unsupported", what, remedy=remedy)
