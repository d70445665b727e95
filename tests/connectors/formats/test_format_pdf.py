"""PDF files, made with reportlab."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from reportlab.lib import pdfencrypt
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

from connectors.formats.pdf import clean
from connectors.records import Document, Rejection

Read = Callable[[Path], Document]
Reject = Callable[[Path], Rejection]


def _canvas(path: Path, *pages: str, encrypt: object = None) -> Path:
    pdfmetrics.registerFont(UnicodeCIDFont("HeiseiMin-W3"))
    canvas = Canvas(str(path), pagesize=A4, encrypt=encrypt)
    for text in pages:
        canvas.setFont("HeiseiMin-W3", 12)
        for number, line in enumerate(text.splitlines()):
            canvas.drawString(72, 760 - 20 * number, line)
        canvas.showPage()
    canvas.save()
    return path


def test_pages(tmp_path: Path, read: Read) -> None:
    path = _canvas(
        tmp_path / "手順.pdf", "修理受付の手順\n診断料は2,200円です。", "", "Second page"
    )
    document = read(path)
    assert [(part.locator, part.text) for part in document.parts] == [
        ("page 1", "修理受付の手順\n診断料は2,200円です。"),
        ("page 3", "Second page"),
    ]
    assert document.notes == ("no text on page 2 (scanned or blank)",)
    assert document.title == "手順"


def test_rows_of_a_table(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "a.pdf"
    rows = [
        ["Code", "Name", "Price"],
        ["K-1", "Kettle", "12,800"],
        ["K-2", "Big\npot", "9,000"],
        ["K-3", "", "5"],
    ]
    template = SimpleDocTemplate(str(path), pagesize=A4, title="Price list")
    template.build([Paragraph("Prices include tax."), Table(rows, colWidths=[100, 200, 100])])
    document = read(path)
    assert document.title == "Price list"
    assert document.parts[0].text == (
        "Prices include tax.\n| Code | Name | Price |\n| K-1 | Kettle | 12,800 |\n"
        "| K-2 | Big pot | 9,000 |\n| K-3 |  | 5 |"
    )


def test_two_columns_of_text_are_no_table(tmp_path: Path, read: Read) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4)
    for left, name in ((72, "left"), (330, "right")):
        for number in range(4):
            canvas.drawString(left, 760 - 14 * number, f"The {name} column, line {number}")
    canvas.save()
    lines = [f"The {name} column, line {n}" for name in ("left", "right") for n in range(4)]
    assert read(tmp_path / "a.pdf").parts[0].text.splitlines() == lines


def test_password(tmp_path: Path, reject: Reject) -> None:
    protection = pdfencrypt.StandardEncryption("secret", strength=128)
    rejection = reject(_canvas(tmp_path / "a.pdf", "hidden", encrypt=protection))
    assert rejection.reason == "encrypted"
    assert "password" in rejection.message


def test_an_owner_password_alone_does_not_keep_readers_out(tmp_path: Path, read: Read) -> None:
    protection = pdfencrypt.StandardEncryption("", ownerPassword="owner", strength=128)
    assert read(_canvas(tmp_path / "a.pdf", "open", encrypt=protection)).parts[0].text == "open"


def test_scan(tmp_path: Path, reject: Reject) -> None:
    from PIL import Image

    canvas = Canvas(str(tmp_path / "scan.pdf"), pagesize=A4)
    canvas.drawImage(ImageReader(Image.new("L", (50, 50), 128)), 72, 72)
    canvas.save()
    rejection = reject(tmp_path / "scan.pdf")
    assert rejection.reason == "no-text"
    assert "OCR" in rejection.message


@pytest.mark.parametrize("data", [b"%PDF-1.7\ngarbage", b"no pdf at all", b"%PDF-1.4\n1 0 obj\n<<"])
def test_broken(data: bytes, tmp_path: Path, reject: Reject) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(data)
    assert reject(path).reason == "broken"


def test_truncated_file_never_raises(tmp_path: Path) -> None:
    from connectors.item import FileItem, read_file

    data = _canvas(tmp_path / "whole.pdf", "text of the page" * 5).read_bytes()
    path = tmp_path / "cut.pdf"
    for size in range(10, len(data), max(len(data) // 25, 1)):
        path.write_bytes(data[:size])
        outcome = read_file(FileItem("cut.pdf", path, size, 0))
        assert isinstance(outcome, Document) or outcome.reason in ("broken", "no-text")


def test_clean_repairs_radicals_and_divided_words() -> None:
    assert clean("⼀⽇ ㈱ ﾊﾟ") == "一日 ㈱ ﾊﾟ"
    assert clean("main\x02\ntenance of KT\x02\n200") == "maintenance of KT-200"
