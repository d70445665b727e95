"""Word documents."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from connectors.formats.docx_numbering import format_number
from connectors.records import Document, Rejection

Read = Callable[[Path], Document]


def test_order_headings_lists_and_tables(tmp_path: Path, read: Read) -> None:
    document = docx.Document()
    document.add_heading("就業規則", 0)
    document.add_heading("第1章 総則", 1)
    document.add_paragraph("この規則は全員に適用する。")
    table = document.add_table(rows=3, cols=2)
    for row, cells in enumerate([("区分", "日数"), ("年次", "10日"), ("", "11日")]):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    document.add_paragraph("箇条", style="List Bullet")
    document.add_paragraph("番号", style="List Number")
    document.add_paragraph("番号", style="List Number")
    path = tmp_path / "規則.docx"
    document.save(str(path))
    read_document = read(path)
    assert read_document.title == "就業規則"
    assert read_document.parts[0].text == (
        "# 就業規則\n\n# 第1章 総則\n\nこの規則は全員に適用する。\n\n"
        "| 区分 | 日数 |\n| --- | --- |\n| 年次 | 10日 |\n| 年次 | 11日 |\n\n"
        "- 箇条\n1. 番号\n2. 番号\n"
    )


def test_japanese_style_name_and_automatic_article_numbers(tmp_path: Path, read: Read) -> None:
    document = docx.Document()
    style = document.styles.add_style("見出し 2", 1)
    numbering = document.part.numbering_part.element
    numbering.insert(
        0,
        parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90"><w:lvl w:ilvl="0">'
            '<w:start w:val="1"/><w:numFmt w:val="decimalFullWidth"/><w:lvlText w:val="第%1条"/>'
            "</w:lvl></w:abstractNum>"
        ),
    )
    numbering.append(
        parse_xml(f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>')
    )
    style.element.get_or_add_pPr().append(
        parse_xml(f'<w:numPr {nsdecls("w")}><w:numId w:val="90"/></w:numPr>')
    )
    document.add_paragraph("目的", style=style)
    document.add_paragraph("適用", style=style)
    path = tmp_path / "a.docx"
    document.save(str(path))
    assert read(path).parts[0].text == "## 第１条 目的\n\n## 第２条 適用\n"


def test_text_boxes_are_read_once_and_deleted_text_is_not(tmp_path: Path, read: Read) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("visible")
    box = "<w:txbxContent><w:p><w:r><w:t>in the box</w:t></w:r></w:p></w:txbxContent>"
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    paragraph._p.append(
        parse_xml(
            f"<w:r {nsdecls('w')} {mc}><mc:AlternateContent><mc:Choice>{box}</mc:Choice>"
            f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>"
        )
    )
    deleted = "<w:r><w:delText>gone</w:delText></w:r>"
    paragraph._p.append(parse_xml(f"<w:del {nsdecls('w')}>{deleted}</w:del>"))
    path = tmp_path / "a.docx"
    document.save(str(path))
    assert read(path).parts[0].text == "visible\n\nin the box\n"


def test_strict_documents(tmp_path: Path, read: Read) -> None:
    plain, strict = tmp_path / "plain.docx", tmp_path / "strict.docx"
    document = docx.Document()
    document.add_paragraph("strict text")
    document.save(str(plain))
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(strict, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            content = content.replace(
                b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
                b"http://purl.oclc.org/ooxml/wordprocessingml/main",
            ).replace(
                b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                b"http://purl.oclc.org/ooxml/officeDocument/relationships",
            )
            target.writestr(name, content)
    assert read(strict).parts[0].text == "strict text\n"


@pytest.mark.parametrize("suffix", [".docx", ".xlsx", ".pptx"])
def test_damaged_and_protected_packages(
    suffix: str, tmp_path: Path, reject: Callable[[Path], Rejection]
) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(b"PK\x03\x04 cut off")
    assert reject(path).reason == "broken"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    assert reject(path).reason == "encrypted"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("other.txt", "no office file")
    assert reject(path).reason == "broken"


@pytest.mark.parametrize(
    ("number", "style", "text"),
    [
        (3, "decimal", "3"),
        (28, "lowerLetter", "bb"),
        (14, "upperRoman", "XIV"),
        (12, "japaneseCounting", "十二"),
        (20, "ideographDigital", "二十"),
        (10, "decimalFullWidth", "１０"),
        (2, "decimalEnclosedCircle", "②"),
        (1, "aiueo", "ア"),
        (3, "irohaFullWidth", "ハ"),
        (5, "unheardOf", "5"),
    ],
)
def test_number_styles(number: int, style: str, text: str) -> None:
    assert format_number(number, style) == text
