"""Excel workbooks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl

from connectors.records import Document

Read = Callable[[Path], Document]


def test_sheets_values_and_hidden_sheets(tmp_path: Path, read: Read) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "料金"
    sheet.append(["区分", "金額", "率", "日付", "時刻", "番号", "真偽"])
    sheet.append(["A", 12800, 0.15, date(2026, 4, 1), datetime(2026, 4, 1, 9, 30), 7, True])
    sheet["B2"].number_format = '"¥"#,##0'
    sheet["C2"].number_format = "0.0%"
    sheet["F2"].number_format = "0000"
    hidden = book.create_sheet("秘密")
    hidden.append(["x"])
    hidden.sheet_state = "hidden"
    path = tmp_path / "a.xlsx"
    book.save(path)
    document = read(path)
    assert [part.locator for part in document.parts] == ["sheet 料金"]
    assert document.parts[0].text == (
        "| 区分 | 金額 | 率 | 日付 | 時刻 | 番号 | 真偽 |\n"
        "| --- | --- | --- | --- | --- | --- | --- |\n"
        "| A | ¥12,800 | 15.0% | 2026-04-01 | 2026-04-01 09:30 | 0007 | TRUE |\n"
    )
    assert document.notes == ("hidden sheets left out: 秘密",)


def test_a_catalogue_sheet_with_merged_header(tmp_path: Path, read: Read) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "商品"
    sheet.append(["2026年 春カタログ"])
    sheet.append(["分類", "品\u3000番", "品名", "寸法(mm)", "", "価格(税込)"])
    sheet.append(["", "", "", "幅", "高さ", ""])
    sheet.append(["机", "D-1", "机 小", 900, 720, 12800])
    sheet.append(["", "D-2", "机 大", 1400, 720, 19800])
    for merged in ("A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:F3", "A4:A5"):
        sheet.merge_cells(merged)
    book.create_sheet("備考").append(["価格は税込です。"])
    path = tmp_path / "a.xlsx"
    book.save(path)
    document = read(path)
    first, second = document.products
    assert (first.sku, first.name, first.locator) == ("D-1", "机 小", "sheet 商品 row 4")
    assert (second.category, second.price, second.currency) == ("机", Decimal("19800"), "JPY")
    assert [(a.name, a.text) for a in first.attributes] == [("幅", "900"), ("高さ", "720")]
    assert [(part.locator, part.text) for part in document.parts] == [
        ("sheet 商品", "2026年 春カタログ\n"),
        ("sheet 備考", "価格は税込です。\n"),
    ]


def test_formulas_show_their_stored_values(tmp_path: Path, read: Read) -> None:
    import xlsxwriter

    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("S")
        sheet.write_row(0, 0, ["item", "total"])
        sheet.write(1, 0, "A")
        sheet.write_formula(1, 1, "=1+2", value=3)
    assert "| A | 3 |" in read(path).parts[0].text
