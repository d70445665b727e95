"""Which column of a table means what: a table of names in Japanese and English.

Names are compared without width, case, spaces, punctuation and parentheses. `STRONG` names say what
they are in any table; `WEAK` ones (`name`, `id`) only beside strong ones.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from connectors.catalog.units import normalize_width

_STRONG = {
    "sku": "sku skuコード variant_sku seller_sku "
    "product_code product_id product_no product_number item_code item_no "
    "item_number part_no part_number part_code model model_no model_number model_code article_no "
    "article_number catalog_no catalog_number 型番 品番 型式 図番 メーカー型番 カタログ番号 jan "
    "janコード ean upc gtin barcode バーコード isbn 商品id 製品id",
    "name": "product product_name item_name part_name model_name service_name dish book_title "
    "商品名 商品 商品名称 製品名 製品 製品名称 品名 品目 品目名 食品名 部品名 部品名称 機種名 "
    "モデル名 書名 サービス名 メニュー名 メニュー 料理名 food_name food_and_description",
    "price": "price unit_price list_price retail_price sale_price sales_price selling_price msrp "
    "rrp regular_price price_jpy price_usd price_eur price_gbp price_incl_tax price_excl_tax 価格 "
    "単価 定価 売価 値段 料金 税込 税抜",
    "brand": "brand brand_name maker manufacturer vendor メーカー メーカー名 ブランド ブランド名 "
    "製造元 製造者 発売元 出版社",
    "category": "category product_category product_type food_group 分類 商品分類 カテゴリ "
    "カテゴリー 商品カテゴリ 大分類 種別 種類 品種 ジャンル",
    "description": "description product_description desc summary 説明 商品説明 製品説明 概要 特徴 "
    "特長 紹介文 詳細",
    "availability": "availability stock in_stock stock_status 在庫 在庫数 在庫状況 "
    "販売状況 販売状態",
    "url": "url link product_url product_page リンク 商品url 製品ページ 商品ページ",
    "currency": "currency price_currency 通貨 通貨コード",
}
_WEAK = {
    "sku": "id code no number ref コード 番号 管理番号 記号",
    "name": "name title item 名称 名前 タイトル 項目名",
}
_FOREIGN = (  # one of these, and the table is about people, places, orders or questions
    "question answer 質問 回答 faq q 設問 氏名 社員番号 社員名 employee employee_id "
    "employee_name first_name last_name full_name 住所 所在地 address street city 電話 電話番号 "
    "tel phone phone_number email e-mail mail メール メールアドレス 店舗 店舗名 店舗コード "
    "店舗番号 店名 store store_id store_name store_code 営業時間 定休日 opening_hours 部署 部署名 "
    "department 注文番号 注文日 order_id order_no order_number order_date customer customer_id "
    "customer_name 顧客 顧客名 顧客番号 顧客コード 得意先 小計 合計 金額 amount subtotal "
    "total 担当 担当者 owner assignee due_date 期日 priority 優先度 salary 給与 売上 sales revenue "
    "売上高 日付 date"
)
_STOCK_OR_ORDER = frozenset(("数量", "quantity", "qty"))  # stock in a catalogue, else an order
_PATTERNS = (
    (
        "sku",
        re.compile(r"(商品|製品|食品|部品|品目|アイテム|資材|材料|薬品)(番号|コード|code|no|型番)"),
    ),
    ("price", re.compile(r".*価格|price.*|.*price")),
)


def _key(label: str) -> str:
    plain = re.sub(r"[\(\[【〔<].*?[\)\]】〕>]", "", normalize_width(label).lower())
    return re.sub(r"[\s_\-./:*#・:,]", "", plain)


def _keys(names: dict[str, str]) -> dict[str, str]:
    return {_key(name): field for field, line in names.items() for name in line.split()}


_STRONG_KEYS = _keys(_STRONG)
_WEAK_KEYS = _keys(_WEAK)
_FOREIGN_KEYS = frozenset(_key(name) for name in _FOREIGN.split())


def strong_field(label: str) -> str:
    """The product field that a column of this name holds in any table; empty for none."""
    for key in _label_keys(label):
        if key in _STRONG_KEYS:
            return _STRONG_KEYS[key]
        for field, pattern in _PATTERNS:
            if pattern.fullmatch(key):
                return field
    return ""


def _weak_field(label: str) -> str:
    return next((_WEAK_KEYS[key] for key in _label_keys(label) if key in _WEAK_KEYS), "")


def _label_keys(label: str) -> list[str]:
    """The whole heading, and each side of a bilingual one: `価格 / Price`."""
    sides = re.split(r"\s*[/／\n]\s*", label)
    return [_key(label), *map(_key, sides if len(sides) > 1 else [])]


def fields_of(labels: Sequence[str]) -> dict[str, int]:
    """Field → column index: the first strong name, else the first weak one."""
    fields: dict[str, int] = {}
    for index, label in enumerate(labels):
        field = strong_field(label)
        if field:
            fields.setdefault(field, index)
    for index, label in enumerate(labels):
        field = _weak_field(label)
        if field:
            fields.setdefault(field, index)
    return fields


def is_catalogue(labels: Sequence[str]) -> bool:
    """Whether columns of these names make a product catalogue.

    Three columns at least; a product's name with a code or price, or a code with a price; and no
    column of a table about people, shops, orders or questions.
    """
    filled = [label for label in labels if label]
    keys = {key for label in filled for key in _label_keys(label)}
    if len(filled) < 3 or keys & _FOREIGN_KEYS:
        return False
    strong = {strong_field(label) for label in filled}
    either = strong | {_weak_field(label) for label in filled}
    if keys & _STOCK_OR_ORDER:
        return {"sku", "name", "price"} <= strong
    if "name" in strong:
        return bool({"sku", "price"} & either)
    if "name" in either:
        return bool({"sku", "price"} & strong)
    return {"sku", "price"} <= strong
