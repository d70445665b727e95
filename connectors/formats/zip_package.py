"""The zip packages of OpenDocument and EPUB: members by name, within bounds."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.errors import UnreadableFile
from connectors.formats.ooxml import PACKAGE_ERRORS, broken, check_unpacked_size
from connectors.formats.safe_xml import parse_xml

if TYPE_CHECKING:
    from lxml.etree import _Element

_MAX_MEMBER = 300 * 1024**2  # bytes unpacked


class Package:
    """An open package. A member that is missing raises KeyError."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.names = frozenset(archive.namelist())

    def read(self, name: str) -> bytes:
        """A member's bytes. Raises `UnreadableFile`: `encrypted` or `too-large`."""
        info = self._archive.getinfo(posixpath.normpath(name))
        if info.flag_bits & 1:
            raise protected()
        if info.file_size > _MAX_MEMBER:
            raise UnreadableFile(
                "too-large", "A part of it unpacks to more than 300 MB.", remedy="Split it."
            )
        return self._archive.read(info)

    def xml(self, name: str) -> _Element:
        """A member's root element."""
        return parse_xml(self.read(name))


@contextmanager
def open_zip_package(path: Path) -> Iterator[Package]:
    """The file as a package; what is wrong with it, here or in the block, is `UnreadableFile`."""
    try:
        with zipfile.ZipFile(path) as archive:
            check_unpacked_size(archive)
            yield Package(archive)
    except PACKAGE_ERRORS as exc:
        raise broken(path.suffix) from exc


def protected() -> UnreadableFile:
    """The error for a file that only its password, or its shop's program, opens."""
    return UnreadableFile(
        "encrypted",
        "It is protected by a password or by copy protection.",
        remedy="Save it without protection and import that.",
    )
