"""Headers of two rows, several tables on a sheet, totals, and what bot.toml corrects."""

from __future__ import annotations

from decimal import Decimal

from connectors.catalog.dimensions import split_dimensions
from connectors.catalog.table import Content, Table, read_table


def _table(*rows: list[str], **changes: object) -> Content:
    numbered = [(number, row) for number, row in enumerate(rows, 1) if any(row)]
    return read_table(Table(numbered, **changes))  # type: ignore[arg-type]


def test_columns_of_groups_below_the_header() -> None:
    content = _table(
        ["商品コード", "商品名", "価格", "", "寸法(mm)", "", ""],
        ["", "", "税込", "税抜", "幅", "奥行", "高さ"],
        ["D-1", "机", "22,000", "20,000", "1200", "700", "720"],
    )
    (desk,) = content.products
    assert (desk.price, desk.currency, desk.tax) == (Decimal("22000"), "JPY", "included")
    attributes = [(a.name, a.number, a.unit) for a in desk.attributes]
    assert attributes == [
        ("税抜", Decimal("20000"), ""),
        ("幅", Decimal("1200"), "mm"),
        ("奥行", Decimal("700"), "mm"),
        ("高さ", Decimal("720"), "mm"),
    ]
    assert content.lines == ()


def test_groups_above_the_header_tell_equal_names_apart() -> None:
    content = _table(
        ["カタログ 2026"],
        ["基本", "", "", "本体", "", "梱包", ""],
        ["品番", "品名", "価格(税込)", "幅", "高さ", "幅", "高さ"],
        ["", "", "", "cm", "cm", "mm", "mm"],
        ["D-1", "机", "¥20,000", "120", "72", "1300", "200"],
    )
    (desk,) = content.products
    assert [(a.number, a.unit) for a in desk.attributes] == [
        (Decimal("1200"), "mm"),
        (Decimal("720"), "mm"),
        (Decimal("1300"), "mm"),
        (Decimal("200"), "mm"),
    ]
    assert len({a.name for a in desk.attributes}) == 4
    assert content.lines == ("カタログ 2026",)


def test_groups_name_equal_columns_without_units() -> None:
    content = _table(
        ["", "", "", "Product", "", "Box", ""],
        ["SKU", "Name", "Price", "Width", "Height", "Width", "Height"],
        ["D-1", "Desk", "$200", "120 cm", "72 cm", "130 cm", "20 cm"],
    )
    names = [a.name for a in content.products[0].attributes]
    assert names == ["Product Width", "Product Height", "Box Width", "Box Height"]


def test_several_tables_on_one_sheet() -> None:
    content = _table(
        ["ケトル"],
        ["型番", "商品名", "価格(税込)", "容量"],
        ["K-1", "小", "3,980円", "0.8L"],
        ["合計", "", "3,980円", ""],
        ["ケトル", "小計", "3,980円", ""],
        [],
        ["トースター"],
        ["型番", "商品名", "希望小売価格", "消費電力"],
        ["T-1", "二枚焼き", "5,980円", "1.2kW"],
        [],
        ["店舗名", "住所", "電話番号"],
        ["本店", "東京都", "03-0000-0000"],
        place="sheet 一覧",
    )
    kettle, toaster = content.products
    assert (kettle.sku, kettle.locator) == ("K-1", "sheet 一覧 row 3")
    assert (toaster.price, toaster.attributes[0].number) == (Decimal("5980"), Decimal("1200"))
    assert "| 本店 | 東京都 | 03-0000-0000 |" in content.lines
    assert "| 合計 | 3,980円 |" in content.lines
    assert content.notes == (
        "sheet 一覧: 型番→sku, 商品名→name, 価格(税込)→price (JPY, tax included), 1 attribute",
        "sheet 一覧: 型番→sku, 商品名→name, 希望小売価格→price (JPY), 1 attribute",
    )


def test_a_blank_row_does_not_end_a_catalogue_and_a_second_header_is_no_product() -> None:
    head = ["型番", "商品名", "価格"]
    content = _table(head, ["K-1", "a", "1円"], [], ["K-2", "b", "2円"], head, ["K-3", "c", "3円"])
    assert [product.sku for product in content.products] == ["K-1", "K-2", "K-3"]
    assert content.lines == ()


def test_bot_toml_corrects_columns() -> None:
    rows = (
        ["管理コード", "品目", "色", "備考", "上代"],
        ["A-1", "カップ", "赤", "社外秘", "1,200円"],
        ["A-2", "皿", "青", "社外秘", "900円"],
    )
    corrections = (
        ("管理コード", "sku"),
        ("色", "attribute"),
        ("備考", "ignore"),
        ("上代", "price"),
    )
    content = _table(*rows, corrections=corrections)
    cup = content.products[0]
    assert (cup.sku, cup.price) == ("A-1", Decimal("1200"))
    assert [a.name for a in cup.attributes] == ["色"]
    assert "社外秘" not in str(content)
    assert content.notes == (
        "管理コード→sku, 品目→name, 上代→price (JPY), 1 attribute, ignored: 備考",
    )


def test_bot_toml_makes_a_catalogue_of_what_does_not_look_like_one() -> None:
    rows = (["ID番", "よびな", "担当"], ["1", "カップ", "田中"], ["2", "皿", "鈴木"])
    assert _table(*rows).products == ()
    corrections = (("ＩＤ番", "sku"), ("よびな", "name"))
    assert [p.name for p in _table(*rows, corrections=corrections).products] == ["カップ", "皿"]


def test_purchase_prices_are_left_out_unless_they_are_asked_for() -> None:
    rows = (["sku", "name", "price", "仕入価格"], ["A", "b", "100", "60"])
    assert "60" not in str(_table(*rows).products)
    assert "ignored: 仕入価格" in _table(*rows).notes[0]
    wanted = _table(*rows, corrections=(("仕入価格", "attribute"),))
    assert wanted.products[0].attributes[0].text == "60"


def test_sizes_of_three_measures_stand_beside_the_original() -> None:
    content = _table(["sku", "name", "price", "寸法"], ["A", "b", "100", "幅13×奥行11×高さ18.5cm"])
    attributes = [(a.name, a.text, a.number, a.unit) for a in content.products[0].attributes]
    assert attributes == [
        ("寸法", "幅13×奥行11×高さ18.5cm", None, ""),
        ("寸法 幅", "13cm", Decimal("130"), "mm"),
        ("寸法 奥行", "11cm", Decimal("110"), "mm"),
        ("寸法 高さ", "18.5cm", Decimal("185.0"), "mm"),
    ]


def test_ways_to_write_sizes() -> None:
    def numbers(name: str, text: str, unit: str = "") -> list[int]:
        return [int(a.number or 0) for a in split_dimensions(name, text, unit)]

    assert numbers("Size", "W13 × D11 × H18 cm") == [130, 110, 180]
    assert numbers("Size", "13(W)x11(D)x18(H) mm") == [13, 11, 18]
    assert numbers("サイズ(幅×奥行×高さ)", "130×110×180", "mm") == [130, 110, 180]
    assert numbers("サイズ", "約W１２０×D６０×H７２cm") == [1200, 600, 720]
    assert numbers("サイズ", "120×60×72cm") == []  # which is which is not said
    assert numbers("容量", "1L×6本") == []


def test_ranges_keep_both_ends() -> None:
    content = _table(["sku", "name", "price", "体重"], ["A", "b", "100", "10〜20kg"])
    weight = content.products[0].attributes[0]
    assert (weight.number, weight.least, weight.most, weight.unit) == (
        None,
        Decimal("10000"),
        Decimal("20000"),
        "g",
    )
