"""The packages of Office formats: what can be wrong with one before its content is looked at."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO
from pathlib import Path

from connectors.errors import UnreadableFile

PACKAGE_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,  # a compression that nobody uses
    SyntaxError,  # what lxml and ElementTree raise for bad XML
    KeyError,  # a part that is missing
    ValueError,
)
"""What the libraries raise for damaged packages."""

_OLE = b"\xd0\xcf\x11\xe0"  # an encrypted package, or a file of the old binary format
_MAX_UNPACKED = 2 * 1024**3  # bytes; a package that claims more is a zip bomb
_STRICT = (  # ISO strict namespaces, which the libraries don't know, and their usual counterparts
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/",
        b"http://schemas.openxmlformats.org/officeDocument/2006/",
    ),
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/presentationml/main",
        b"http://schemas.openxmlformats.org/presentationml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/drawingml/",
        b"http://schemas.openxmlformats.org/drawingml/2006/",
    ),
)


def open_package(path: Path, main_part: str) -> BytesIO:
    """The package's bytes, strict ones translated, ready for the format's library.

    `main_part` (`word/document.xml`) is what makes it this format. Raises `UnreadableFile`:
    `encrypted`, `broken` or `too-large`.
    """
    data = path.read_bytes()
    if data.startswith(_OLE):
        raise UnreadableFile(
            "encrypted",
            "It is protected by a password (or of the format before 2007).",
            remedy=f"Save it as {path.suffix.lower()} without a password and import that.",
        )
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            check_unpacked_size(package)
            if b"purl.oclc.org/ooxml" in package.read(main_part):
                return _translated(package)
    except PACKAGE_ERRORS as exc:
        raise broken(path.suffix) from exc
    return BytesIO(data)


def broken(suffix: str) -> UnreadableFile:
    """The error for a damaged file."""
    kind = suffix.lower().lstrip(".")
    return UnreadableFile(
        "broken",
        f"It is damaged or no {kind} file.",
        remedy="Open it in its program, save it again and import that.",
    )


def check_unpacked_size(package: zipfile.ZipFile) -> None:
    """Raise `UnreadableFile` (`too-large`) for a zip bomb: no member unpacks to more than it
    claims."""
    if sum(info.file_size for info in package.infolist()) > _MAX_UNPACKED:
        raise UnreadableFile(
            "too-large", "It unpacks to more than 2 GB.", remedy="Split it or leave it out."
        )


def _translated(package: zipfile.ZipFile) -> BytesIO:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as copy:
        for info in package.infolist():
            content = package.read(info)
            if info.filename.endswith((".xml", ".rels")):
                for strict, usual in _STRICT:
                    content = content.replace(strict, usual)
            copy.writestr(info.filename, content)
    target.seek(0)
    return target
