"""PDF files, made with reportlab: pages, tables, passwords, damage."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest
from reportlab.lib import colors, pdfencrypt
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

from connectors import ocr
from connectors.formats.pdf_repair import (
    clean,
    has_wrong_kana,
    is_garbled,
    kana_repaired,
    repaired,
)
from connectors.item import FileItem, read_file
from connectors.records import Document, Rejection
from connectors.settings import ReadingSettings

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


def _table(path: Path, rows: list[list[object]], style: list[tuple[object, ...]]) -> Path:
    template = SimpleDocTemplate(str(path), pagesize=A4, title="Price list")
    table = Table(rows, colWidths=[100, 200, 100], repeatRows=1, style=style)
    template.build([Paragraph("Prices include tax."), table])
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
    assert document.notes == ("page 2: no text",)
    assert document.title == "手順"


def test_rows_of_a_table_without_lines(tmp_path: Path, read: Read) -> None:
    rows: list[list[object]] = [
        ["Code", "Name", "Price"],
        ["K-1", "Kettle", "12,800"],
        ["K-2", "Big\npot", "9,000"],
        ["K-3", "", "5"],
    ]
    document = read(_table(tmp_path / "a.pdf", rows, []))
    assert document.title == "Price list"
    assert document.parts[0].text == (
        "Prices include tax.\n\n| Code | Name | Price |\n| K-1 | Kettle | 12,800 |\n"
        "| K-2 | Big pot | 9,000 |\n| K-3 |  | 5 |"
    )


def test_lines_divide_the_cells_of_a_table(tmp_path: Path, read: Read) -> None:
    """Cells over several rows are said of each, one over several columns once."""
    rows: list[list[object]] = [
        ["Group", "Name", "Price"],
        ["Kitchen", Paragraph("A kettle that is described at some length here"), "1"],
        ["", "Pan", "2"],
        ["All together", "", "3"],
    ]
    style = [
        ("GRID", (0, 0), (-1, -1), 0.5, colors.black),
        ("SPAN", (0, 1), (0, 2)),
        ("SPAN", (0, 3), (1, 3)),
    ]
    text = read(_table(tmp_path / "a.pdf", rows, style)).parts[0].text
    assert text.splitlines()[2:] == [
        "| Group | Name | Price |",
        "| Kitchen | A kettle that is described at some length here | 1 |",
        "| Kitchen | Pan | 2 |",
        "| All together |  | 3 |",
    ]


@pytest.mark.parametrize("ruled", [True, False])
def test_a_table_goes_on_over_the_page_break_without_its_head(
    ruled: bool, tmp_path: Path, read: Read
) -> None:
    rows: list[list[object]] = [["Code", "Name", "Price"]]
    rows += [[f"K-{n}", f"Article {n}", str(n * 100)] for n in range(100)]
    style = [("GRID", (0, 0), (-1, -1), 0.5, colors.black)] if ruled else []
    document = read(_table(tmp_path / "a.pdf", rows, style))
    lines = [line for part in document.parts for line in part.text.splitlines()]
    assert len(document.parts) == 3
    assert lines.count("| Code | Name | Price |") == 1
    assert [line for line in lines if line.startswith("| K-")] == [
        f"| K-{n} | Article {n} | {n * 100} |" for n in range(100)
    ]


def test_a_row_that_the_page_break_cuts_is_put_together(tmp_path: Path, read: Read) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4)
    pages = [
        [("K-1", "Kettle", "100"), ("K-2", "Pan with a", "200")],
        [("", "lid of glass", ""), ("K-3", "Pot", "300")],
    ]
    for rows, start in zip(pages, (100, 800), strict=True):
        for number, row in enumerate(rows):
            y = start - 20 * number
            canvas.grid([72, 150, 350, 450], [y, y - 20])
            for x, cell in zip((75, 155, 355), row, strict=True):
                canvas.drawString(x, y - 15, cell)
        canvas.showPage()
    canvas.save()
    texts = [part.text for part in read(tmp_path / "a.pdf").parts]
    assert texts == [
        "| K-1 | Kettle | 100 |\n| K-2 | Pan with a lid of glass | 200 |",
        "| K-3 | Pot | 300 |",
    ]


def test_a_frame_around_text_is_no_table(tmp_path: Path, read: Read) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4)
    canvas.rect(60, 600, 400, 200)
    for number in range(5):
        canvas.drawString(72, 760 - 14 * number, f"This is line {number} of a note.")
    canvas.save()
    assert "|" not in read(tmp_path / "a.pdf").parts[0].text


def _read_with(path: Path, **settings: object) -> Document | Rejection:
    chosen = dataclasses.replace(ReadingSettings(), **settings)  # type: ignore[arg-type]
    return read_file(FileItem(path.name, path, path.stat().st_size, 0, chosen))


def test_password(tmp_path: Path, reject: Reject, monkeypatch: pytest.MonkeyPatch) -> None:
    protection = pdfencrypt.StandardEncryption("secret", strength=128)
    path = _canvas(tmp_path / "a.pdf", "protected", encrypt=protection)
    rejection = reject(path)
    assert rejection.reason == "encrypted"
    assert "pdf_password_env" in rejection.message
    monkeypatch.setenv("PDF_WORDS", "wrong one\nsecret\n")
    opened = _read_with(path, pdf_password_env="PDF_WORDS")  # noqa: S106 - a name
    assert isinstance(opened, Document)
    assert opened.parts[0].text == "protected"
    assert "secret" not in repr(opened)
    monkeypatch.setenv("PDF_WORDS", "wrong one")
    refused = _read_with(path, pdf_password_env="PDF_WORDS")  # noqa: S106 - a name
    assert isinstance(refused, Rejection)
    assert "wrong one" not in refused.message


def test_the_worker_gets_the_passwords_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from connectors.worker import read_items

    protection = pdfencrypt.StandardEncryption("secret", strength=128)
    path = _canvas(tmp_path / "a.pdf", "protected", encrypt=protection)
    monkeypatch.setenv("PDF_WORDS", "secret")
    settings = ReadingSettings(pdf_password_env="PDF_WORDS")  # noqa: S106 - a name
    item = FileItem("a.pdf", path, path.stat().st_size, 0, settings)
    ((outcome,),) = read_items([item], workers=1)
    assert isinstance(outcome, Document)


def test_an_owner_password_alone_does_not_keep_readers_out(tmp_path: Path, read: Read) -> None:
    protection = pdfencrypt.StandardEncryption("", ownerPassword="owner", strength=128)
    assert read(_canvas(tmp_path / "a.pdf", "open", encrypt=protection)).parts[0].text == "open"


def _picture_pages(path: Path, *texts: str) -> Path:
    from PIL import Image

    canvas = Canvas(str(path), pagesize=A4)
    for text in texts:
        if text:
            canvas.drawString(72, 760, text)
        else:
            canvas.drawImage(ImageReader(Image.new("L", (50, 50), 128)), 0, 0, *A4)
        canvas.showPage()
    canvas.save()
    return path


def test_scan_without_ocr(tmp_path: Path) -> None:
    rejection = _read_with(_picture_pages(tmp_path / "scan.pdf", ""), ocr="off")
    assert isinstance(rejection, Rejection)
    assert rejection.reason == "no-text"
    assert "scanned" in rejection.message
    assert "sources.ocr" in rejection.message


def test_scan_where_ocr_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "is_available", lambda: False)
    rejection = _read_with(_picture_pages(tmp_path / "scan.pdf", ""))
    assert isinstance(rejection, Rejection)
    assert "tesseract-ocr-jpn" in rejection.message


def test_scanned_pages_among_others_are_named(tmp_path: Path) -> None:
    path = _picture_pages(tmp_path / "a.pdf", "The first page.", "", "", "Text.", "")
    document = _read_with(path, ocr="off")
    assert isinstance(document, Document)
    assert [part.locator for part in document.parts] == ["page 1", "page 4"]
    assert document.notes == ("page 2–3, 5: scanned, not read",)


@pytest.mark.parametrize("data", [b"%PDF-1.7\ngarbage", b"no pdf at all", b"%PDF-1.4\n1 0 obj\n<<"])
def test_broken(data: bytes, tmp_path: Path, reject: Reject) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(data)
    assert reject(path).reason == "broken"


def test_truncated_file_never_raises(tmp_path: Path) -> None:
    data = _canvas(tmp_path / "whole.pdf", "text of the page" * 5).read_bytes()
    path = tmp_path / "cut.pdf"
    for size in range(10, len(data), max(len(data) // 25, 1)):
        path.write_bytes(data[:size])
        outcome = read_file(FileItem("cut.pdf", path, size, 0))
        assert isinstance(outcome, Document) or outcome.reason in ("broken", "no-text")


def test_fonts_forms_of_letters_become_the_letters() -> None:
    assert repaired("⼀⽇ ⻑⻘⻄ ﬁx ㈱ ﾊﾟ ︒") == "一日 長青西 fix ㈱ ﾊﾟ 。"
    assert repaired("\uf0b7 item \ue001") == "• item 〓"


def test_divided_words_are_put_together() -> None:
    assert clean("main\x02\ntenance of KT\x02\n200") == "maintenance of KT-200"


def test_ideographs_that_stand_for_kana_become_kana() -> None:
    page = "製品䛾保証期間䛿二年間䛷䛩䚹 䝕䞊䝍を見る"
    assert has_wrong_kana(page)
    assert kana_repaired("製品䛾保証 䝕䞊䝍") == "製品の保証 データ"
    assert not has_wrong_kana("製品の保証期間は二年間です。" * 20 + "䛾")


def test_the_kana_of_a_page_are_repaired(tmp_path: Path, read: Read) -> None:
    """A font whose map to Unicode states the ideographs, as an old printer driver wrote it."""
    wrong = "䛾䛿䛷䛩䝕䞊䝍"
    chars = "\n".join(f"<{65 + i:02X}> <{ord(char):04X}>" for i, char in enumerate(wrong))
    cmap = (
        "begincmap 1 begincodespacerange <00> <FF> endcodespacerange "
        f"{len(wrong)} beginbfchar\n{chars}\nendbfchar endcmap"
    )
    content = "BT /F 12 Tf 72 700 Td (ABCDEFG) Tj ET"
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        "/Resources<</Font<</F 5 0 R>>>>>>",
        f"<</Length {len(content)}>>stream\n{content}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>",
        f"<</Length {len(cmap)}>>stream\n{cmap}\nendstream",
    ]
    body = "".join(f"{n} 0 obj\n{text}\nendobj\n" for n, text in enumerate(objects, 1))
    path = tmp_path / "a.pdf"
    path.write_text(f"%PDF-1.4\n{body}trailer\n<</Root 1 0 R/Size 7>>\n%%EOF", encoding="ascii")
    assert read(path).parts[0].text == "のはですデータ"


def test_text_of_unknown_letters_is_garbled() -> None:
    assert is_garbled("\ue000\ue001\ue002 保証\ufffd")
    assert not is_garbled("保証期間は二年間です。〓")
