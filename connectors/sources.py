"""A source by what the user writes: a folder, a file, an address. A new kind is one line here."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from connectors.errors import SourceError
from connectors.folder import MAX_BYTES, FolderSource


def _from_file_url(spec: str, ignore: tuple[str, ...], max_bytes: int) -> FolderSource:
    return FolderSource(Path(unquote(urlsplit(spec).path)), ignore, max_bytes)


SOURCES: dict[str, Callable[[str, tuple[str, ...], int], FolderSource]] = {
    "": FolderSource,
    "file": _from_file_url,
}
"""Scheme → what opens it; a plain path has the empty scheme."""


def open_source(
    spec: str, ignore: tuple[str, ...] = (), max_bytes: int = MAX_BYTES
) -> FolderSource:
    """The source that a path or `scheme://…` names; `ignore` and `max_bytes` as in FolderSource.

    Raises `SourceError`, without what follows the scheme: database addresses hold passwords."""
    match = re.match(r"([A-Za-z][\w+.-]+):(?://|\w*@)", spec)
    scheme = match[1].lower() if match else ""
    if scheme not in SOURCES:
        raise SourceError(
            f"Sources of type {scheme} are not supported in this version.",
            f"{scheme}://…",
            "Save or export the content as files and import their folder.",
        )
    return SOURCES[scheme](spec, ignore, max_bytes)
