"""Files whose suffix says something else than their content: common, and mostly readable."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pytest

from connectors.records import Document, Rejection
from connectors.signatures import suffix_by_content

Read = Callable[[Path], Document]
Reject = Callable[[Path], Rejection]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TABLE = "<table><tr><td>区分</td><td>金額</td></tr><tr><td>甲</td><td>百円①</td></tr></table>"
SHOWN = "| 区分 | 金額 |\n| --- | --- |\n| 甲 | 百円① |\n"


def _word(path: Path) -> Path:
    document = docx.Document()
    document.add_heading("設置", 1)
    document.add_paragraph("水平に置く。")
    document.save(str(path))
    return path


def _excel(path: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.append(["区分", "金額"])
    book.active.append(["甲", "百円①"])
    book.save(path.with_name("book.xlsx"))
    return path.with_name("book.xlsx").rename(path)


@pytest.mark.parametrize("name", ["a.doc", "a.xls", "a.txt", "a.rtf", "a.odt", "a.pdf"])
def test_word_under_other_suffixes(name: str, tmp_path: Path, read: Read) -> None:
    assert read(_word(tmp_path / name)).parts[0].text == "# 設置\n\n水平に置く。\n"


@pytest.mark.parametrize("name", ["a.xls", "a.csv", "a.docx", "a.tsv"])
def test_excel_under_other_suffixes(name: str, tmp_path: Path, read: Read) -> None:
    assert read(_excel(tmp_path / name)).parts[0].text == SHOWN


@pytest.mark.parametrize(
    ("name", "head", "codec"),
    [
        ("a.xls", "", "utf-8"),
        ("a.xls", "\r\n<html><meta charset=Shift_JIS><body>", "cp932"),
        ("a.xls", '<?xml version="1.0" encoding="Shift_JIS"?>\n<!DOCTYPE html><html>', "cp932"),
        ("a.xlsx", "<!-- export --><html>", "utf-8-sig"),
        ("a.doc", "<!DOCTYPE HTML PUBLIC '-//W3C//DTD HTML 4.01//EN'>", "cp932"),
    ],
)
def test_html_under_office_suffixes(
    name: str, head: str, codec: str, tmp_path: Path, read: Read
) -> None:
    path = tmp_path / name
    path.write_bytes((head + TABLE).encode(codec))
    assert read(path).parts[0].text == SHOWN


@pytest.mark.parametrize(
    ("delimiter", "codec"), [(",", "cp932"), ("\t", "utf-16"), (",", "utf-8-sig")]
)
def test_csv_under_xls(delimiter: str, codec: str, tmp_path: Path, read: Read) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(f"区分{delimiter}金額\r\n甲{delimiter}百円①\r\n".encode(codec))
    assert read(path).parts[0].text == SHOWN


def test_text_and_rtf_under_doc(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "a.doc"
    path.write_bytes("メモです。\r\n".encode("cp932"))
    assert read(path).parts[0].text == "メモです。\n"
    path.write_bytes(rb"{\rtf1\ansi\ansicpg932 \'93\'fa\par}")
    assert read(path).parts[0].text == "日\n"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.doc", bytes(range(256)) * 4, "broken"),
        ("a.xls", b"\0\1\2\3" * 100, "broken"),
        ("a.ppt", "箇条書きだけ".encode(), "broken"),
        ("a.docx", "ただの文".encode(), "broken"),
        ("a.docx", OLE + "EncryptedPackage\0".encode("utf-16-le"), "encrypted"),
        ("a.doc", OLE + "EncryptedPackage\0".encode("utf-16-le"), "encrypted"),
        ("a.xls", b"PK\x03\x04" + b"\xff" * 100, "broken"),
        ("a.odt", b"PK\x05\x06" + b"\0" * 18, "broken"),
        ("a.epub", b"%PDF-1.7 no book", "broken"),
        ("a.xls", b"<html></html>", "no-text"),
        ("a.xml", b"\xff\xfe<\0a\0", "broken"),
        ("a.doc", b"   \n\n", "no-text"),
    ],
)
def test_what_cannot_be_read_says_why(
    name: str, content: bytes, reason: str, tmp_path: Path, reject: Reject
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert reject(path).reason == reason


def test_an_embedded_sheet_does_not_make_a_letter_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "a.doc"
    names = ("Workbook", "WordDocument")
    path.write_bytes(OLE + b"".join(f"{name}\0".encode("utf-16-le") for name in names))
    assert suffix_by_content(path) == ".doc"


def test_other_archives_keep_their_suffix(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "x")
    assert suffix_by_content(path) == ".zip"


def test_macros_are_not_looked_at(tmp_path: Path, read: Read) -> None:
    path = _excel(tmp_path / "a.xlsm")
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("xl/vbaProject.bin", OLE + b"Sub AutoOpen()")
    assert read(path).parts[0].text == SHOWN
