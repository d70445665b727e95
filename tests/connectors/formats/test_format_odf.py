"""OpenDocument texts, spreadsheets and presentations."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from connectors.records import Document, Rejection

Read = Callable[[Path], Document]
Reject = Callable[[Path], Rejection]

_NAMES = {
    name: f"urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"
    for name, long in (
        ("office", "office"),
        ("text", "text"),
        ("table", "table"),
        ("draw", "drawing"),
        ("style", "style"),
        ("presentation", "presentation"),
        ("manifest", "manifest"),
        ("meta", "meta"),
    )
}
_XMLNS = " ".join(f'xmlns:{name}="{uri}"' for name, uri in _NAMES.items())
_XMLNS += ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
_KINDS = {".odt": "text", ".ods": "spreadsheet", ".odp": "presentation"}


def _write(path: Path, body: str, styles: str = "", **members: str) -> Path:
    kind = _KINDS[path.suffix]
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_XMLNS}>'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:{kind}>{body}</office:{kind}></office:body>"
        "</office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        package.writestr("content.xml", content)
        for name, text in members.items():
            package.writestr(name, text)
    return path


def _cells(*texts: str) -> str:
    cells = "".join(f"<table:table-cell><text:p>{t}</text:p></table:table-cell>" for t in texts)
    return f"<table:table-row>{cells}</table:table-row>"


def test_a_text_with_headings_lists_tables_notes_and_boxes(tmp_path: Path, read: Read) -> None:
    styles = (
        '<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Title"/>'
        '<text:list-style style:name="L1"><text:list-level-style-number text:level="1" '
        'style:num-format="1"/><text:list-level-style-bullet text:level="2"/></text:list-style>'
    )
    body = (
        '<text:tracked-changes><text:p>消した文</text:p></text:tracked-changes>'
        '<text:p text:style-name="P1">就業規則</text:p>'
        "<text:table-of-content><text:index-body><text:p>総則 1</text:p></text:index-body>"
        "</text:table-of-content>"
        '<text:h text:outline-level="2">総則</text:h>'
        "<text:p>この規則は\n   社員<text:s text:c=\"2\"/>に"
        "<text:ruby><text:ruby-base>適用</text:ruby-base><text:ruby-text>てきよう</text:ruby-text>"
        "</text:ruby>する<text:note><text:note-citation>1</text:note-citation><text:note-body>"
        "<text:p>役員を除く</text:p></text:note-body></text:note>。"
        "<office:annotation><text:p>確認中</text:p></office:annotation><text:line-break/>以上"
        "<draw:frame><draw:text-box><text:p>囲み</text:p></draw:text-box></draw:frame></text:p>"
        '<text:list text:style-name="L1"><text:list-item><text:p>届ける</text:p><text:list>'
        "<text:list-item><text:p>用紙</text:p></text:list-item></text:list></text:list-item>"
        "<text:list-item><text:p>待つ</text:p></text:list-item></text:list>"
        "<table:table><table:table-header-rows>" + _cells("区分", "日数", "備考")
        + "</table:table-header-rows><table:table-row>"
        '<table:table-cell table:number-rows-spanned="2">'
        "<text:p>有給</text:p></table:table-cell>"
        '<table:table-cell table:number-columns-repeated="2"><text:p>10</text:p></table:table-cell>'
        "</table:table-row><table:table-row><table:covered-table-cell/>"
        '<table:table-cell table:number-columns-spanned="2"><text:p>20</text:p></table:table-cell>'
        "<table:covered-table-cell/></table:table-row></table:table>"
    )  # fmt: skip
    document = read(_write(tmp_path / "a.odt", body, styles))
    assert document.title == "就業規則"
    assert document.parts[0].text == (
        "# 就業規則\n\n## 総則\n\nこの規則は 社員  に適用する (役員を除く)。\n以上\n\n囲み\n\n"
        "1. 届ける\n  - 用紙\n2. 待つ\n\n"
        "| 区分 | 日数 | 備考 |\n| --- | --- | --- |\n| 有給 | 10 | 10 |\n| 有給 | 20 |  |\n"
    )


def test_the_stated_title_wins(tmp_path: Path, read: Read) -> None:
    title = "<office:meta><dc:title>規程</dc:title></office:meta>"
    meta = f"<office:document-meta {_XMLNS}>{title}</office:document-meta>"
    path = _write(tmp_path / "a.odt", "<text:h>総則</text:h>", **{"meta.xml": meta})
    assert read(path).title == "規程"


def test_sheets_with_products_merges_repeats_and_hidden_ones(tmp_path: Path, read: Read) -> None:
    styles = (
        '<style:style style:name="ta2" style:family="table">'
        '<style:table-properties table:display="false"/></style:style>'
    )
    blank = (
        '<table:table-row table:number-rows-repeated="{}">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    formula = (
        '<table:table-row><table:table-cell table:number-rows-spanned="2"><text:p>鍋</text:p>'
        "</table:table-cell><table:table-cell><text:p>K-3</text:p></table:table-cell>"
        '<table:table-cell table:formula="of:=1+1" office:value-type="float" office:value="2"/>'
        "</table:table-row><table:table-row><table:covered-table-cell/>"
        "<table:table-cell><text:p>K-4</text:p></table:table-cell>"
        "<table:table-cell><text:p>¥300</text:p></table:table-cell></table:table-row>"
    )
    body = (
        f'<table:table table:name="商品">{blank.format(2)}'
        + _cells("商品名", "型番", "価格") + formula + blank.format(1048570)
        + '</table:table><table:table table:name="秘密" table:style-name="ta2">' + _cells("x")
        + '</table:table><table:table table:name="備考"><table:table-row '
        'table:number-rows-repeated="2"><table:table-cell><text:p>同じ</text:p></table:table-cell>'
        "</table:table-row></table:table>"
    )  # fmt: skip
    document = read(_write(tmp_path / "a.ods", body, styles))
    assert [(p.sku, p.name, p.price, p.locator) for p in document.products] == [
        ("K-3", "鍋", Decimal(2), "sheet 商品 row 4"),
        ("K-4", "鍋", Decimal(300), "sheet 商品 row 5"),
    ]
    assert [(p.locator, p.text) for p in document.parts] == [("sheet 備考", "同じ\n同じ\n")]
    assert document.notes[0] == "hidden sheets left out: 秘密"


def test_slides_with_notes_and_hidden_ones(tmp_path: Path, read: Read) -> None:
    styles = (
        '<style:style style:name="dp2" style:family="drawing-page">'
        '<style:drawing-page-properties presentation:visibility="hidden"/></style:style>'
    )

    def page(title: str, rest: str, style: str = "dp1") -> str:
        return (
            f'<draw:page draw:style-name="{style}">{rest}<draw:frame presentation:class="title">'
            f"<draw:text-box><text:p>{title}</text:p></draw:text-box></draw:frame>"
            '<presentation:notes><draw:frame presentation:class="notes"><draw:text-box>'
            "<text:p>話す順</text:p></draw:text-box></draw:frame></presentation:notes></draw:page>"
        )

    group = "<draw:g><draw:custom-shape><text:p>図の中</text:p></draw:custom-shape></draw:g>"
    rows = _cells("年", "額") + _cells("1", "2")
    table = f"<draw:frame><table:table>{rows}</table:table></draw:frame>"
    body = page("会社案内", group + table) + page("隠し", "", "dp2") + page("終わり", "")
    document = read(_write(tmp_path / "a.odp", body, styles))
    assert document.title == "会社案内"
    assert [part.locator for part in document.parts] == ["slide 1", "slide 3"]
    assert document.parts[0].text == (
        "# 会社案内\n\n図の中\n\n| 年 | 額 |\n| --- | --- |\n| 1 | 2 |\n\nNotes:\n話す順\n"
    )
    assert document.notes == ("hidden slides left out: 2",)


@pytest.mark.parametrize("suffix", _KINDS)
def test_encrypted_damaged_and_empty(suffix: str, tmp_path: Path, reject: Reject) -> None:
    manifest = (
        f'<manifest:manifest {_XMLNS}><manifest:file-entry manifest:full-path="content.xml">'
        "<manifest:encryption-data/></manifest:file-entry></manifest:manifest>"
    )
    path = tmp_path / f"a{suffix}"
    assert reject(_write(path, "", **{"META-INF/manifest.xml": manifest})).reason == "encrypted"
    assert reject(_write(path, "")).reason == "no-text"
    path.write_bytes(path.read_bytes()[:200])
    assert reject(path).reason == "broken"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("other.xml", "<a/>")
    assert reject(path).reason == "broken"


def test_a_sheet_that_claims_billions_of_cells(tmp_path: Path, reject: Reject) -> None:
    row = (
        '<table:table-row table:number-rows-repeated="1048576"><table:table-cell '
        'table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell>'
        "</table:table-row>"
    )
    body = f'<table:table table:name="a">{row}</table:table>'
    assert reject(_write(tmp_path / "a.ods", body)).reason == "too-large"


def test_a_part_that_unpacks_to_too_much(
    tmp_path: Path, reject: Reject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.formats.zip_package._MAX_MEMBER", 100_000)
    path = _write(tmp_path / "a.odt", "<text:p>" + " " * 200_000 + "</text:p>")
    assert path.stat().st_size < 2000
    assert reject(path).reason == "too-large"
