"""Word, Excel and PowerPoint files of before 2007, made and read by the real LibreOffice."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import docx
import openpyxl
import pptx
import pytest

from connectors.formats import libreoffice
from connectors.records import Document, Rejection

Read = Callable[[Path], Document]
Reject = Callable[[Path], Rejection]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
STREAM = {
    ".doc": "WordDocument\0".encode("utf-16-le"),
    ".xls": "Workbook\0".encode("utf-16-le"),
    ".ppt": "PowerPoint Document\0".encode("utf-16-le"),
}
"""What tells these formats from other packages of the same kind."""


def _package(suffix: str, content: bytes = b"") -> bytes:
    """The frame of a package: header, content from the first sector on, directory."""
    sectors = -(-len(content) // 512)
    header = OLE + b"\0" * 22 + b"\x09\x00" + b"\0" * 16 + sectors.to_bytes(4, "little")
    directory = "Root Entry\0".encode("utf-16-le").ljust(128, b"\0") + STREAM[suffix]
    return header.ljust(512, b"\0") + content.ljust(sectors * 512, b"\0") + directory


needs_libreoffice = pytest.mark.skipif(
    not libreoffice.find_libreoffice(), reason="LibreOffice (soffice) is not installed"
)


def _saved_as(path: Path, suffix: str) -> Path:
    """The file in the old format, as LibreOffice saves it."""
    profile = (path.parent / "profile").as_uri()
    subprocess.run(
        [
            libreoffice.find_libreoffice(),
            f"-env:UserInstallation={profile}",
            "--headless",
            "--convert-to",
            suffix,
            "--outdir",
            str(path.parent / "old"),
            str(path),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return path.parent / "old" / f"{path.stem}.{suffix}"


@needs_libreoffice
def test_word(tmp_path: Path, read: Read) -> None:
    source = docx.Document()
    source.add_heading("設置", 1)
    source.add_paragraph("水平な場所に置く。")
    source.add_paragraph("一番", style="List Number")
    source.save(str(tmp_path / "a.docx"))
    path = _saved_as(tmp_path / "a.docx", "doc")
    path = path.rename(path.with_suffix(".docx"))  # as people do
    assert read(path).parts[0].text == "# 設置\n\n水平な場所に置く。\n\n1. 一番\n"


@needs_libreoffice
def test_excel(tmp_path: Path, read: Read) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "商品"
    for row in (["型番", "商品名", "価格"], ["K-1", "釜", 1200], ["K-2", "鍋", "=C2*2"]):
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    document = read(_saved_as(tmp_path / "a.xlsx", "xls"))
    assert [(p.sku, p.price, p.locator) for p in document.products] == [
        ("K-1", Decimal(1200), "sheet 商品 row 2"),
        ("K-2", Decimal(2400), "sheet 商品 row 3"),
    ]


@needs_libreoffice
def test_powerpoint(tmp_path: Path, read: Read) -> None:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "会社案内"
    slide.placeholders[1].text = "一つ目\n二つ目"
    deck.save(str(tmp_path / "a.pptx"))
    document = read(_saved_as(tmp_path / "a.pptx", "ppt"))
    assert document.parts[0].text.startswith("# 会社案内\n\n- 一つ目\n- 二つ目\n")


@needs_libreoffice
def test_what_libreoffice_cannot_open_leaves_nothing_behind(
    tmp_path: Path, reject: Reject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    path = tmp_path / "a.xls"
    path.write_bytes(_package(".xls", b"\0" * 2000))
    assert reject(path).reason == "broken"
    assert [p.name for p in tmp_path.iterdir()] == ["a.xls"]


@pytest.mark.parametrize(
    ("suffix", "instead"), [(".doc", ".docx"), (".xls", ".xlsx"), (".ppt", ".pptx")]
)
def test_without_libreoffice_the_owner_is_told_what_to_do(
    suffix: str,
    instead: str,
    tmp_path: Path,
    reject: Reject,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(libreoffice, "find_libreoffice", lambda: "")
    path = tmp_path / f"a{suffix}"
    path.write_bytes(_package(suffix))
    rejection = reject(path)
    assert rejection.reason == "unsupported"
    assert "need LibreOffice" in rejection.message
    assert f"save the file as {instead}" in rejection.message


def test_a_program_that_hangs_is_ended_with_all_it_started(
    tmp_path: Path, reject: Reject, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "soffice"
    pid_file = tmp_path / "pid"
    program.write_text(f"#!/bin/sh\nsleep 600 &\necho $! > {pid_file}\nwait\n", encoding="utf-8")
    program.chmod(0o700)
    monkeypatch.setattr(libreoffice, "find_libreoffice", lambda: str(program))
    monkeypatch.setattr(libreoffice, "_SECONDS", 1)
    path = tmp_path / "a.doc"
    path.write_bytes(_package(".doc"))
    assert reject(path).reason == "timeout"
    status = Path(f"/proc/{pid_file.read_text().strip()}/stat")
    assert not status.exists() or status.read_text().split()[2] == "Z"


def test_other_packages_are_not_handed_to_libreoffice(tmp_path: Path, reject: Reject) -> None:
    path = tmp_path / "a.xls"  # it would read this as text
    for content in (
        OLE + b"\0" * 2000,
        OLE + b"\0" * 2000 + STREAM[".xls"],
        _package(".doc")[:-90],
    ):
        path.write_bytes(content)
        assert reject(path).reason == "broken"


@pytest.mark.parametrize(
    ("suffix", "content"),
    [
        (".doc", b"\xec\xa5" + b"\0" * 8 + b"\x00\x01" + b"\0" * 500),
        (".xls", b"\x09\x08\x10\x00" + b"\x06" * 16 + b"\x2f\x00\x36\x00"),
        (".ppt", "EncryptedSummary".encode("utf-16-le")),
    ],
)
def test_protected_ones_are_told_from_damaged_ones(
    suffix: str, content: bytes, tmp_path: Path, reject: Reject
) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(_package(suffix, content))
    assert reject(path).reason == "encrypted"
