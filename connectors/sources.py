"""A source by what the user writes: a folder, a file, an address. A new kind is one line here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from connectors import plugins
from connectors.errors import PluginError, SourceError
from connectors.folder import FolderSource
from connectors.item import Item
from connectors.records import Rejection
from connectors.settings import DEFAULT_IGNORE, DEFAULT_SETTINGS, SourceSettings


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


REMOTE_SCHEMES = (
    "s3 s3a gs gcs az abfs abfss sftp ssh ftp smb hdfs webhdfs webdav webdavs dropbox oci oss zip "
    "tar memory"
).split()
"""File systems of fsspec."""

SOURCES = {
    "": "connectors.sources:open_folder",
    "file": "connectors.sources:open_file_url",
    "https": "connectors.web.source:open_site",
    "http": "connectors.web.source:open_site",
    **dict.fromkeys(
        ("sqlite", "postgresql", "mysql", "mariadb"), "connectors.database.source:open_database"
    ),
    **dict.fromkeys(REMOTE_SCHEMES, "connectors.remote:open_remote"),
}
"""Scheme → what opens it, as `module:function`; a plain path has the empty scheme."""


def open_source(spec: str, settings: SourceSettings = DEFAULT_SETTINGS) -> Source:
    """The source that a path or `scheme://…` names.

    Raises `SourceError`, without what follows the scheme: database addresses hold passwords."""
    match = re.match(r"([A-Za-z][\w+.-]+):(?://|\w*@)", spec)
    scheme = match[1].lower() if match else ""
    return _opener(scheme)(spec, _with_inner_files(settings))


def _opener(scheme: str) -> Callable[[str, SourceSettings], Source]:
    opening = SOURCES.get(scheme) or SOURCES.get(scheme.partition("+")[0])  # mysql+pymysql
    if opening is not None:
        module, _, function = opening.partition(":")
        opener: Callable[[str, SourceSettings], Source] = getattr(import_module(module), function)
        return opener
    if scheme in plugins.names(plugins.SOURCES_GROUP):
        try:
            return plugins.load(plugins.SOURCES_GROUP, scheme)
        except PluginError as exc:
            raise SourceError(exc.what, f"{scheme}://…", exc.remedy) from exc
    raise SourceError(
        f"Sources of type {scheme} are not supported in this version.",
        f"{scheme}://…",
        "Install a package that reads them, or save the content as files and import their folder.",
    )


def _with_inner_files(settings: SourceSettings) -> SourceSettings:
    """The limits of files hold for the files inside them."""
    ignore = (*DEFAULT_IGNORE, *settings.ignore)
    reading = replace(settings.reading, max_bytes=settings.max_bytes, ignore=ignore)
    return replace(settings, reading=reading)
