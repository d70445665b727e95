"""Which tables are product catalogues."""

from __future__ import annotations

import pytest

from connectors.catalog.columns import fields_of, is_catalogue


@pytest.mark.parametrize(
    "labels",
    [
        ["商品コード", "商品名", "価格(税込)", "重量"],
        ["sku", "name", "price_jpy", "color"],
        ["食品番号", "索引番号", "食品名", "エネルギー"],
        ["Part no.", "部品名", "価格(税込) / Price JPY"],
        ["型番", "定価", "仕様"],
        ["Product Name", "Price", "Brand"],
        ["id", "product", "description"],
        ["名称", "価格", "備考"],
        ["品 番", "メーカー", "単 価（円）"],
        ["seller-sku", "item_name", "price", "quantity"],
        ["Handle", "Title", "Vendor", "Variant SKU", "Variant Price"],
        ["型番", "価格", "A", "B", "C"],
    ],
)
def test_catalogues(labels: list[str]) -> None:
    assert is_catalogue(labels)


@pytest.mark.parametrize(
    "labels",
    [
        ["店舗コード", "店舗名", "住所", "電話番号"],
        ["No.", "店名", "営業時間 / Hours", "定休日"],
        ["質問", "回答", "商品コード", "商品名", "価格"],
        ["question", "answer", "category"],
        ["勤続年数", "付与日数", "備考"],
        ["社員番号", "氏名", "部署"],
        ["id", "name", "email"],
        ["設問", "選択肢", "回答数"],
        ["Product", "Date", "Quantity", "Revenue"],
        ["注文番号", "商品名", "数量", "金額", "合計"],
        ["地域", "送料", "日数"],
        ["品名", "数量", "単位"],
        ["商品コード", "商品名", "単価", "数量", "金額"],
        ["Title", "Description", "Impact", "Status"],
        ["商品名", "価格"],
        ["#", "Genre", "Title", "Author"],
    ],
)
def test_other_tables(labels: list[str]) -> None:
    assert not is_catalogue(labels)


def test_a_strong_name_goes_before_a_weak_one() -> None:
    assert fields_of(["No", "名称", "型番", "商品名"]) == {"sku": 2, "name": 3}


def test_the_first_of_two_prices_counts() -> None:
    assert fields_of(["価格（税込）", "価格（税抜）"])["price"] == 0
