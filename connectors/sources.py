"""A source by what the user writes: a folder, a file, an address. A new kind is one line here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from connectors.errors import SourceError
from connectors.folder import FolderSource
from connectors.item import Item
from connectors.records import Rejection
from connectors.settings import DEFAULT_SETTINGS, SourceSettings


class Source(Protocol):
    """Where documents come from."""

    name: str
    """Put before its items' names where two sources have the same ones."""

    def items(self) -> Iterator[Item | Rejection]:
        """Everything it has, in the same order each time: an item, or the reason why not.

        Raises SourceError where the source can't be reached: that is not a deletion."""


def open_folder(spec: str, settings: SourceSettings) -> Source:
    """A folder or a file by its path."""
    return FolderSource(Path(spec), settings)


def open_file_url(spec: str, settings: SourceSettings) -> Source:
    """A folder or a file by `file://`."""
    return FolderSource(Path(unquote(urlsplit(spec).path)), settings)


SOURCES = {
    "": "connectors.sources:open_folder",
    "file": "connectors.sources:open_file_url",
}
"""Scheme → what opens it, as `module:function`; a plain path has the empty scheme."""


def open_source(spec: str, settings: SourceSettings = DEFAULT_SETTINGS) -> Source:
    """The source that a path or `scheme://…` names.

    Raises `SourceError`, without what follows the scheme: database addresses hold passwords."""
    match = re.match(r"([A-Za-z][\w+.-]+):(?://|\w*@)", spec)
    scheme = match[1].lower() if match else ""
    if scheme not in SOURCES:
        raise SourceError(
            f"Sources of type {scheme} are not supported in this version.",
            f"{scheme}://…",
            "Save or export the content as files and import their folder.",
        )
    module, _, function = SOURCES[scheme].partition(":")
    opener: Callable[[str, SourceSettings], Source] = getattr(import_module(module), function)
    return opener(spec, settings)
