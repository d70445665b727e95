"""CSV, TSV and JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from connectors.formats.csv import sniff_delimiter
from connectors.records import Document, Rejection

Read = Callable[[Path], Document]
CATALOGUE = (
    '商品コード,商品名,価格(税込),説明\r\nK-1,ケトル,"4,980円","一行目\r\n二行目"\r\nK-2,鍋,,-\r\n'
)


def test_catalogue_in_shift_jis(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "商品.csv"
    path.write_bytes(CATALOGUE.encode("cp932"))
    document = read(path)
    kettle, pot = document.products
    assert (kettle.sku, kettle.price, kettle.currency) == ("K-1", Decimal("4980"), "JPY")
    assert kettle.description == "一行目\n二行目"
    assert (pot.locator, pot.price, pot.missing) == ("row 3", None, ("価格(税込)", "説明"))
    assert document.parts == ()
    assert document.language == "ja"
    assert document.notes == (
        "encoding cp932",
        "商品コード→sku, 商品名→name, 価格(税込)→price (JPY, tax included, 1 without a number), "
        "説明→description",
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "#"])
def test_delimiters(delimiter: str) -> None:
    rows = [["code", "name", "note"], ["1", "a", "x, y; z"], ["2", "b", '"c, d"']]
    text = "\n".join(delimiter.join(f'"{c}"' if c[0] != '"' else c for c in row) for row in rows)
    assert sniff_delimiter(text) == delimiter


def test_faq_is_no_catalogue(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "faq.tsv"
    path.write_text("質問\t回答\t商品コード\n送料は？\t無料です。\tK-1\n", encoding="utf-8")
    document = read(path)
    assert document.products == ()
    assert document.parts[0].text == "## Q. 送料は？\n\n無料です。\n\n商品コード: K-1\n"
    assert document.notes == ("質問→question, 回答→answer: 1 question with answers",)


def test_a_file_without_header_is_not_given_one(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "body.csv"
    path.write_text("01,アワ,367\n02,キビ,363\n", encoding="utf-8")
    assert read(path).parts[0].text == "| 01 | アワ | 367 |\n| 02 | キビ | 363 |\n"


def test_header_file_beside_it(tmp_path: Path, read: Read) -> None:
    header = "食品番号,食品名,エネルギー,水分\nNo,Name,Energy,Water\n,unit,kcal,g\n"
    (tmp_path / "header.csv").write_text(header, encoding="utf-8")
    path = tmp_path / "body.csv"
    path.write_text("01,アワ,367,13.3\n02,キビ,363,null\n", encoding="utf-8")
    document = read(path)
    assert document.notes == (
        "column names taken from header.csv",
        "食品番号→sku, 食品名→name, 2 attributes",
    )
    millet, proso = document.products
    assert (millet.sku, millet.locator) == ("01", "row 1")
    assert [(a.name, a.number, a.unit) for a in millet.attributes] == [
        ("エネルギー", Decimal("367"), "kcal"),
        ("水分", Decimal("13.3"), "g"),
    ]
    assert proso.missing == ("水分",)
    assert read(tmp_path / "header.csv").products == ()


def test_json_objects_are_rows(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "products.json"
    items = [
        {
            "sku": "K-1",
            "name": "Kettle",
            "price_jpy": 4980,
            "spec": {"power": "650 W"},
            "tags": ["a", "b"],
        },
        {"sku": "K-2", "name": "Pot", "price_jpy": None},
    ]
    path.write_text(json.dumps({"name": "Catalogue", "items": items}), encoding="utf-8")
    document = read(path)
    kettle, pot = document.products
    assert (kettle.locator, kettle.price, kettle.currency) == ("row 1", Decimal("4980"), "JPY")
    assert [(a.name, a.text, a.unit) for a in kettle.attributes] == [
        ("spec.power", "650 W", "W"),
        ("tags", "a, b", ""),
    ]
    assert pot.missing == ("price_jpy", "spec.power", "tags")
    assert document.title == "Catalogue"


def test_other_json_becomes_lines(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"営業時間": {"平日": "9-18"}, "休み": ["日", "祝"]}', encoding="utf-8")
    text = "営業時間:\n  平日: 9-18\n休み:\n  - 日\n  - 祝\n"
    assert read(path).parts[0].text == text


def test_broken_json(tmp_path: Path, reject: Callable[[Path], Rejection]) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"secret": "value"', encoding="utf-8")
    rejection = reject(path)
    assert rejection.reason == "broken"
    assert "secret" not in rejection.message
