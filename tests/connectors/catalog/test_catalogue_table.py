"""Rows to products."""

from __future__ import annotations

from decimal import Decimal

from connectors.catalog.merges import Merge
from connectors.catalog.table import Content, Table, read_table

HEADER = ["商品コード", "商品名", "価格(税込)", "重量(kg)", "色"]


def _table(*rows: list[str], **changes: object) -> Content:
    return read_table(Table(list(enumerate(rows, 1)), **changes))  # type: ignore[arg-type]


def test_a_row_becomes_a_product() -> None:
    content = _table(HEADER, ["K-210", "電気ケトル", "12,800円", "約1.1", "-"])
    product = content.products[0]
    assert (product.sku, product.name, product.locator) == ("K-210", "電気ケトル", "row 2")
    assert (product.price, product.currency) == (Decimal("12800"), "JPY")
    assert product.cells == (
        ("商品コード", "K-210"),
        ("商品名", "電気ケトル"),
        ("価格(税込)", "12,800円"),
        ("重量(kg)", "約1.1"),
    )
    weight = product.attributes[0]
    assert (weight.name, weight.text, weight.number, weight.unit) == (
        "重量",
        "約1.1",
        Decimal("1100"),
        "g",
    )
    assert weight.is_approximate
    assert (product.tax, product.price_text) == ("included", "12,800円")
    assert product.missing == ("色",)
    assert content.lines == ()


def test_a_missing_price_is_missing() -> None:
    product = _table(HEADER, ["K-1", "A", "", "1", "白"]).products[0]
    assert product.price is None
    assert product.currency == ""
    assert product.missing == ("価格(税込)",)


def test_currency_only_where_written() -> None:
    rows = (["sku", "name", "price"], ["A", "b", "12800"])
    assert _table(*rows).products[0].currency == ""
    assert _table(["sku", "name", "price_jpy"], rows[1]).products[0].currency == "JPY"
    assert _table(["sku", "name", "価格(円)"], rows[1]).products[0].currency == "JPY"


def test_every_row_is_accounted_for() -> None:
    content = _table(
        ["商品カタログ 2026"],
        HEADER,
        ["【ケトル】", "", "", "", ""],
        ["K-1", "A", "100", "1", "白"],
        ["K-1", "A", "120", "1", "黒"],
        ["K-2", "B", "200", "2", "白"],
        ["※価格は税込です。"],
    )
    assert [product.sku for product in content.products] == ["K-1", "K-2"]
    assert content.lines == ("商品カタログ 2026", "【ケトル】", "※価格は税込です。")
    assert content.notes == (
        "商品コード→sku, 商品名→name, 価格(税込)→price (JPY, tax included), 2 attributes",
        "duplicate SKU K-1 in row 5; first is row 4, which is kept (differs in 価格(税込), 色)",
    )


def test_equal_headings_get_their_unit_or_a_number() -> None:
    content = _table(
        ["食品番号", "食品名", "エネルギー", "エネルギー", "備考", "備考"],
        ["", "単位", "kJ", "kcal", "", ""],
        ["01001", "アマランサス", "1452", "343", "a", "b"],
    )
    attributes = {a.name: (a.text, a.unit) for a in content.products[0].attributes}
    assert attributes == {
        "エネルギー(kJ)": ("1452", "kJ"),
        "エネルギー(kcal)": ("343", "kcal"),
        "備考": ("a", ""),
        "備考(2)": ("b", ""),
    }


def test_header_of_merged_rows() -> None:
    content = _table(
        ["品\u3000番", "品\u3000名", "寸法", "", "", "価格"],
        ["", "", "幅\n(mm)", "奥行", "高さ", ""],
        ["A-1", "机", "1200", "700", "720", "¥20,000"],
        ["A-2", "椅子", "500", "500", "900", "¥8,000"],
        merges=(Merge(1, 2, 0, 0), Merge(1, 2, 1, 1), Merge(1, 1, 2, 4), Merge(1, 2, 5, 5)),
    )
    assert [product.sku for product in content.products] == ["A-1", "A-2"]
    assert [(a.name, a.unit) for a in content.products[0].attributes] == [
        ("幅", "mm"),
        ("奥行", ""),
        ("高さ", ""),
    ]
    assert content.lines == ()


def test_a_cell_merged_downwards_counts_for_each_row() -> None:
    content = _table(
        ["分類", "商品コード", "商品名", "価格"],
        ["ケトル", "K-1", "A", "1"],
        ["", "K-2", "B", "2"],
        merges=(Merge(2, 3, 0, 0),),
    )
    assert [product.category for product in content.products] == ["ケトル", "ケトル"]


def test_a_code_that_repeats_is_no_code() -> None:
    rows = [["No", "品名", "説明"], *(["1", f"品{i}", "x"] for i in range(5))]
    assert _table(*rows).products == ()


def test_other_tables_become_markdown() -> None:
    content = _table(["勤続年数", "付与日数"], ["6か月", "10日"], ["1年|半", "11\n日"])
    assert content.lines == (
        "| 勤続年数 | 付与日数 |",
        "| --- | --- |",
        "| 6か月 | 10日 |",
        "| 1年\\|半 | 11 日 |",
    )


def test_tables_below_each_other_and_titles() -> None:
    rows = [
        (2, ["", "表1"]),
        (3, ["", "a", "b"]),
        (4, ["", "1", "2"]),
        (7, ["c", "d"]),
        (8, ["3", "4"]),
    ]
    assert read_table(Table(rows)).lines == (
        "表1",
        "",
        "| a | b |",
        "| --- | --- |",
        "| 1 | 2 |",
        "",
        "| c | d |",
        "| --- | --- |",
        "| 3 | 4 |",
    )
