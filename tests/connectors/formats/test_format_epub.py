"""Electronic books."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from connectors.records import Document, Rejection

Read = Callable[[Path], Document]
Reject = Callable[[Path], Rejection]

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/>'
    "</rootfiles></container>"
)
BOOK = """<package xmlns="http://www.idpf.org/2007/opf"><metadata
 xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>使い方の本</dc:title></metadata><manifest>
<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>
<item id="two" href="text/two%20b.xhtml" media-type="application/xhtml+xml"/>
<item id="one" href="text/one.xhtml" media-type="application/xhtml+xml"/>
<item id="gone" href="text/gone.xhtml" media-type="application/xhtml+xml"/>
<item id="pic" href="a.png" media-type="image/png"/></manifest>
<spine><itemref idref="nav"/><itemref idref="one"/><itemref idref="pic"/><itemref idref="two"/>
<itemref idref="gone"/><itemref idref="one"/></spine></package>"""
NAV = """<html xmlns="http://www.w3.org/1999/xhtml"><body><nav><ol><li><a href="text/one.xhtml">
はじめに</a></li><li><a href="text/two%20b.xhtml#a">手入れ</a></li></ol></nav></body></html>"""
NCX = """<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint><navLabel><text>手入れ
</text></navLabel><content src="text/two%20b.xhtml"/></navPoint></navMap></ncx>"""
ONE = (
    '<?xml version="1.0"?><html><body><h1>はじめに</h1><p>読んで&nbsp;ください。</p></body></html>'
)
TWO = "<html><body><p>布で拭きます。</p></body></html>"


def _write(path: Path, **changes: str) -> Path:
    members = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OEBPS/book.opf": BOOK,
        "OEBPS/nav.xhtml": NAV,
        "OEBPS/text/one.xhtml": ONE,
        "OEBPS/text/two b.xhtml": TWO,
    } | changes
    with zipfile.ZipFile(path, "w") as package:
        for name, text in members.items():
            package.writestr(name, text)
    return path


def test_chapters_in_reading_order(tmp_path: Path, read: Read) -> None:
    document = read(_write(tmp_path / "a.epub"))
    assert document.title == "使い方の本"
    assert [(part.locator, part.text) for part in document.parts] == [
        ("chapter 1", "# はじめに\n\n読んで ください。\n"),
        ("chapter 2", "# 手入れ\n\n布で拭きます。\n"),
    ]
    assert document.notes == ("missing in the file: OEBPS/text/gone.xhtml",)


def test_the_table_of_contents_of_epub_2(tmp_path: Path, read: Read) -> None:
    book = BOOK.replace('properties="nav" media-type="application/xhtml+xml"', "").replace(
        'href="nav.xhtml"', 'href="toc.ncx" media-type="application/x-dtbncx+xml"'
    )
    path = _write(tmp_path / "a.epub", **{"OEBPS/book.opf": book, "OEBPS/toc.ncx": NCX})
    assert read(path).parts[1].text == "# 手入れ\n\n布で拭きます。\n"


@pytest.mark.parametrize(
    ("algorithm", "locked"),
    [
        ("http://www.w3.org/2001/04/xmlenc#aes128-cbc", True),
        ("http://www.idpf.org/2008/embedding", False),
    ],
)
def test_copy_protection_and_mere_fonts(
    algorithm: str, locked: bool, tmp_path: Path, read: Read, reject: Reject
) -> None:
    encryption = (
        '<encryption xmlns:e="http://www.w3.org/2001/04/xmlenc#"><e:EncryptedData>'
        f'<e:EncryptionMethod Algorithm="{algorithm}"/><e:CipherData><e:CipherReference '
        'URI="OEBPS/text/one.xhtml"/></e:CipherData></e:EncryptedData></encryption>'
    )
    path = _write(tmp_path / "a.epub", **{"META-INF/encryption.xml": encryption})
    if locked:
        assert reject(path).reason == "encrypted"
    else:
        assert len(read(path).parts) == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"META-INF/container.xml": "<container/>"},
        {"META-INF/container.xml": CONTAINER.replace("book.opf", "../../../etc/passwd")},
        {"OEBPS/book.opf": BOOK[:300]},
    ],
    ids=["no root", "path outside", "truncated"],
)
def test_damaged_books(changes: dict[str, str], tmp_path: Path, reject: Reject) -> None:
    assert reject(_write(tmp_path / "a.epub", **changes)).reason == "broken"


def test_a_book_without_text(tmp_path: Path, reject: Reject) -> None:
    changes = {"OEBPS/text/one.xhtml": "", "OEBPS/text/two b.xhtml": "<html/>"}
    assert reject(_write(tmp_path / "a.epub", **changes)).reason == "no-text"
