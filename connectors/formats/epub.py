"""Electronic books: one Part per chapter, in reading order."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from connectors.formats.html import read_page
from connectors.formats.safe_xml import child_text, children, line_of, local_name
from connectors.formats.zip_package import Package, open_zip_package, protected
from connectors.reading import InputFile, Reading
from connectors.records import Part

if TYPE_CHECKING:
    from lxml.etree import _Element

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_TEXT_TYPES = frozenset(("application/xhtml+xml", "text/html", "application/x-dtbook+xml"))
_FONT_ALGORITHMS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
"""Fonts made unusable outside the book: no protection of its text."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the book, as its manifest names it."""

    path: str
    media_type: str
    properties: str


def read(file: InputFile) -> Reading:
    """Parts `chapter N`, counted over the files with text; copy protection is `encrypted`."""
    with open_zip_package(file.path) as package:
        return _read_book(package)


def _read_book(package: Package) -> Reading:
    locked = _locked(package)
    root_file = next(e for e in package.xml(_CONTAINER).iter() if local_name(e) == "rootfile")
    book_path = _resolved("", str(root_file.get("full-path")))
    if book_path in locked:
        raise protected()
    book = package.xml(book_path)
    entries = _entries(book, book_path)
    names = _chapter_names(package, entries)
    parts: list[Part] = []
    missing = []
    for entry in _spine(book, entries):
        if entry.path in locked:
            raise protected()
        if entry.path not in package.names:
            missing.append(entry.path)
            continue
        _, text = read_page(package.read(entry.path))
        if text.strip():
            parts.append(_part(len(parts) + 1, names.get(entry.path, ""), text))
    metadata = next(children(book, "metadata"), book)
    title = child_text(metadata, "title")
    if not title:  # books of 1999 wrap it once more
        title = next((child_text(child, "title", "Title") for child in children(metadata)), "")
    notes = (f"missing in the file: {', '.join(missing[:10])}",) if missing else ()
    return Reading(title, tuple(parts), notes=notes)


def _part(number: int, name: str, text: str) -> Part:
    """A chapter whose text has no heading gets the one of the table of contents."""
    has_heading = any(line.startswith("#") for line in text.splitlines())
    heading = f"# {name}\n\n" if name and not has_heading else ""
    return Part(f"chapter {number}", heading + text)


def _entries(book: _Element, book_path: str) -> dict[str, Entry]:
    folder = posixpath.dirname(book_path)
    return {
        str(item.get("id")): Entry(
            _resolved(folder, str(item.get("href") or "")),
            str(item.get("media-type") or ""),
            str(item.get("properties") or ""),
        )
        for manifest in children(book, "manifest")
        for item in children(manifest, "item")
    }


def _spine(book: _Element, entries: dict[str, Entry]) -> Iterator[Entry]:
    """The text files in reading order, each once, without the table of contents."""
    seen: set[str] = set()
    for spine in children(book, "spine"):
        for reference in children(spine, "itemref"):
            entry = entries.get(str(reference.get("idref")))
            if entry is None or entry.path in seen or "nav" in entry.properties.split():
                continue
            seen.add(entry.path)
            if entry.media_type in _TEXT_TYPES:
                yield entry


def _chapter_names(package: Package, entries: dict[str, Entry]) -> dict[str, str]:
    """Path → title in the table of contents: of EPUB 3 (`nav`), else of EPUB 2 (`ncx`)."""
    names: dict[str, str] = {}
    for entry in entries.values():
        is_nav = "nav" in entry.properties.split()
        if entry.path not in package.names or not (
            is_nav or entry.media_type == "application/x-dtbncx+xml"
        ):
            continue
        folder = posixpath.dirname(entry.path)
        found = _nav_links if is_nav else _ncx_links
        for href, name in found(package.xml(entry.path)):
            names.setdefault(_resolved(folder, href), name)
    return names


def _nav_links(root: _Element) -> Iterator[tuple[str, str]]:
    for link in root.iter():
        if local_name(link) == "a" and link.get("href"):
            yield str(link.get("href")), line_of(link)


def _ncx_links(root: _Element) -> Iterator[tuple[str, str]]:
    for point in root.iter():
        if local_name(point) == "navPoint":
            label = child_text(point, "navLabel")
            for content in children(point, "content"):
                yield str(content.get("src") or ""), label


def _locked(package: Package) -> frozenset[str]:
    """Paths of the files that are encrypted, fonts aside."""
    if _ENCRYPTION not in package.names:
        return frozenset()
    paths = []
    for data in package.xml(_ENCRYPTION).iter():
        if local_name(data) != "EncryptedData":
            continue
        methods = {str(m.get("Algorithm")) for m in children(data, "EncryptionMethod")}
        if not methods & set(_FONT_ALGORITHMS):
            uris = (str(e.get("URI")) for e in data.iter() if local_name(e) == "CipherReference")
            paths += [_resolved("", uri) for uri in uris]
    return frozenset(paths)


def _resolved(folder: str, href: str) -> str:
    """A link's path inside the package."""
    return posixpath.normpath(posixpath.join(folder, unquote(urlsplit(href).path))).lstrip("/")
