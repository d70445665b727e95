"""Products as shops and feeds export them; the files are made here, in the exports' form."""

from __future__ import annotations

import csv
from collections.abc import Callable
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest

from connectors.records import Document, Product

Read = Callable[[Path], Document]


def _csv(*rows: list[str], delimiter: str = ",") -> str:
    out = StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


def _by_sku(document: Document) -> dict[str, Product]:
    return {product.sku: product for product in document.products}


SHOPIFY = (
    "Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Option1 Name,"
    "Option1 Value,Option1 Linked To,Option2 Name,Option2 Value,Variant SKU,Variant Grams,"
    "Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,"
    "Variant Fulfillment Service,Variant Price,Variant Compare At Price,"
    "Variant Requires Shipping,Variant Taxable,Variant Barcode,Image Src,Image Position,"
    "Gift Card,SEO Title,Material (product.metafields.custom.material),Cost per item,"
    "Price / International,Status"
).split(",")


def _shopify(**cells: str) -> list[str]:
    names = {name.replace(" ", "_").split("_(")[0]: i for i, name in enumerate(SHOPIFY)}
    row = [""] * len(SHOPIFY)
    for name, value in cells.items():
        row[names[name]] = value
    return row


def test_shopify_rows_of_one_handle_are_variants(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "product_export.csv"
    shared = {"Handle": "hinata-apron"}
    rows = [
        _shopify(
            **shared,
            Title="Hinata Apron",
            Body="<p>Cotton apron with <b>two</b> pockets.</p><script>track()</script>",
            Vendor="Kayanomi",
            Type="Aprons",
            Published="true",
            Option1_Name="Colour",
            Option1_Value="Navy",
            Option2_Name="Size",
            Option2_Value="M",
            Variant_SKU="AP-N-M",
            Variant_Grams="210",
            Variant_Inventory_Qty="14",
            Variant_Price="29.00",
            Variant_Barcode="4900000000011",
            Image_Src="https://shop.example/apron-navy.jpg",
            Material="Cotton",
            Cost_per_item="8.10",
            Status="active",
        ),
        _shopify(**shared, Option1_Value="Red", Option2_Value="L", Variant_SKU="AP-R-L",
                 Variant_Grams="230", Variant_Price="31.00"),
        _shopify(**shared, Image_Src="https://shop.example/apron-back.jpg", Image_Position="2"),
        _shopify(Handle="gift", Title="Tea Tin", Option1_Name="Title",
                 Option1_Value="Default Title", Variant_SKU="TIN", Variant_Price="9.50",
                 Published="true", Status="active"),
        _shopify(Handle="secret", Title="Not Yet", Variant_SKU="NEW", Variant_Price="1.00",
                 Published="false", Status="draft"),
    ]  # fmt: skip
    path.write_text(_csv(SHOPIFY, *rows), encoding="utf-8")
    document = read(path)
    products = _by_sku(document)
    assert list(products) == ["AP-N-M", "AP-R-L", "TIN"]
    red = products["AP-R-L"]
    assert (red.name, red.brand, red.category) == ("Hinata Apron (Red, L)", "Kayanomi", "Aprons")
    assert red.description == "Cotton apron with two pockets."
    assert (red.price, red.currency, red.tax) == (Decimal("31.00"), "", "")
    assert (red.parent, red.options) == ("hinata-apron", (("Colour", "Red"), ("Size", "L")))
    attributes = {a.name: (a.number, a.unit, a.text) for a in red.attributes}
    assert attributes["Variant Grams"] == (Decimal("230"), "g", "230")
    assert attributes["Material (product.metafields.custom.material)"][2] == "Cotton"
    assert red.availability == ""  # the first row's stock is not this variant's
    assert products["AP-N-M"].image == "https://shop.example/apron-navy.jpg"
    assert (products["TIN"].name, products["TIN"].options) == ("Tea Tin", ())
    assert "8.10" not in str(document.products)
    assert "left out: 1 rows with a further image only" in document.notes
    assert "left out: 1 rows that the shop does not show" in document.notes
    assert "Variant SKU→sku" in document.notes[0]
    assert "Cost per item" not in {
        name for product in document.products for name, _ in product.cells
    }


def test_shopify_s_later_column_names(tmp_path: Path, read: Read) -> None:
    head = (
        "Title,URL handle,Description,Vendor,Product category,Type,Published on online store,"
        "Status,SKU,Barcode,Option1 name,Option1 value,Price,Compare-at price,Cost per item,"
        "Charge tax,Inventory quantity,Weight value (grams),Product image URL"
    ).split(",")
    first = (
        "Mug,mug,A mug.,Kayanomi,,Mugs,TRUE,active,MUG-W,,Colour,White,12.00,15.00,3,TRUE,4,350,"
    )
    second = ",mug,,,,,,,MUG-B,,,Black,13.00,,3,TRUE,0,350,"
    path = tmp_path / "products.csv"
    path.write_text(_csv(head, first.split(","), second.split(",")), encoding="utf-8")
    white, black = read(path).products
    assert (white.sku, white.price, white.availability) == ("MUG-W", Decimal("12.00"), "4")
    assert (black.name, black.parent, black.options) == (
        "Mug (Black)",
        "mug",
        (("Colour", "Black"),),
    )
    assert (black.description, black.price) == ("A mug.", Decimal("13.00"))


ECCUBE4 = (
    "商品ID,公開ステータス(ID),公開ステータス(名称),商品名,ショップ用メモ欄,商品説明(一覧),"
    "商品説明(詳細),検索ワード,フリーエリア,商品規格ID,販売種別(ID),販売種別(名称),規格分類1(ID),"
    "規格分類1(名称),規格分類2(ID),規格分類2(名称),発送日目安(ID),発送日目安(名称),商品コード,"
    "在庫数,在庫数無制限フラグ,販売制限数,通常価格,販売価格,送料,商品画像,商品カテゴリ(ID),"
    "商品カテゴリ(名称),タグ(ID),タグ(名称)"
).split(",")


def _eccube(**cells: str) -> list[str]:
    return [cells.get(name, "") for name in ECCUBE4]


def test_eccube_4_in_shift_jis(tmp_path: Path, read: Read) -> None:
    shared = {
        "商品ID": "2",
        "公開ステータス(ID)": "1",
        "公開ステータス(名称)": "公開",
        "商品名": "ひなた鍋",
        "ショップ用メモ欄": "仕入先は秘密",
        "商品説明(詳細)": "<p>軽い両手鍋です。<br>IH対応。</p>",
        "規格分類1(ID)": "3",
        "販売種別(ID)": "1",
        "販売種別(名称)": "通常商品",
        "在庫数無制限フラグ": "0",
        "商品画像": "nabe_1.jpg,nabe_2.jpg",
        "商品カテゴリ(ID)": "5,6",
        "商品カテゴリ(名称)": "キッチン,鍋",
        "通常価格": "6000",
    }
    rows = [
        _eccube(**shared, **{"規格分類1(名称)": "赤", "商品コード": "NB-R", "販売価格": "5400",
                             "在庫数": "12"}),
        _eccube(**shared, **{"規格分類1(名称)": "青", "商品コード": "NB-B", "販売価格": "5600"}),
        _eccube(**{**shared, "公開ステータス(ID)": "2", "公開ステータス(名称)": "非公開",
                   "商品ID": "9", "商品名": "試作品", "商品コード": "X-1", "販売価格": "1"}),
    ]  # fmt: skip
    path = tmp_path / "product_20261120.csv"
    path.write_bytes(_csv(ECCUBE4, *rows).encode("cp932"))
    document = read(path)
    red, blue = document.products
    assert (red.sku, red.name, red.price) == ("NB-R", "ひなた鍋 (赤)", Decimal("5400"))
    assert (red.currency, red.tax) == ("", "")  # the file says neither
    assert red.description.split() == ["軽い両手鍋です。", "IH対応。"]
    assert (red.category, red.image, red.availability) == ("キッチン,鍋", "nabe_1.jpg", "12")
    assert (blue.parent, blue.options) == ("2", (("規格分類1", "青"),))
    assert {a.name: a.text for a in red.attributes}["通常価格"] == "6000"
    assert "秘密" not in str(document.products)
    assert "left out: 1 rows that the shop does not show" in document.notes


def test_eccube_2(tmp_path: Path, read: Read) -> None:
    head = (
        "商品ID,商品規格ID,規格分類名1,規格分類名2,商品名,公開フラグ(1:公開 2:非公開),商品コード,"
        "通常価格,販売価格,在庫数,備考欄(SHOP専用),一覧-メインコメント,詳細-メインコメント"
    ).split(",")
    rows = [
        "1,1,バニラ,大,アイス,1,ICE-VL,1000,900,5,メモ,おいしい,<b>とても</b>おいしい".split(","),
        "1,2,抹茶,小,アイス,1,ICE-MS,800,700,0,メモ,おいしい,<b>とても</b>おいしい".split(","),
        "2,3,,,鍋,2,NABE,1,1,1,,,".split(","),
    ]
    path = tmp_path / "product.csv"
    path.write_bytes(_csv(head, *rows).encode("cp932"))
    vanilla, matcha = read(path).products
    assert (vanilla.sku, vanilla.parent, vanilla.price) == ("ICE-VL", "1", Decimal("900"))
    assert matcha.name == "アイス (抹茶, 小)"
    assert matcha.description == "とてもおいしい"
    assert "メモ" not in str(vanilla)


GOOGLE = (
    "id\ttitle\tdescription\tlink\timage_link\tavailability\tprice\tsale_price\tbrand\tgtin\t"
    "product_type\titem_group_id\tcolor\tsize\tshipping_weight\n"
    "KT-1\tShizuku Kettle\tBoils fast.\thttps://shop.example/kt1\thttps://shop.example/kt1.jpg\t"
    "in_stock\t3980 JPY\t3480 JPY\tKayanomi\t4900000000028\tKitchen > Kettles\t\t\t\t0.8 kg\n"
    "AP-1\tApron\tTwo pockets.\thttps://shop.example/ap1\t\tout_of_stock\t2,900 JPY\t\tKayanomi\t"
    "\tAprons\tAP\tnavy\tM\t\n"
)


def test_google_merchant_tsv(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "feed.tsv"
    path.write_text(GOOGLE, encoding="utf-8")
    kettle, apron = read(path).products
    assert (kettle.sku, kettle.name, kettle.brand) == ("KT-1", "Shizuku Kettle", "Kayanomi")
    assert (kettle.price, kettle.currency) == (Decimal("3980"), "JPY")
    assert kettle.url == "https://shop.example/kt1"
    assert kettle.image == "https://shop.example/kt1.jpg"
    assert (kettle.category, kettle.availability) == ("Kitchen > Kettles", "in_stock")
    assert (kettle.parent, kettle.options) == ("", ())
    assert {a.name: a.text for a in kettle.attributes}["gtin"] == "4900000000028"
    assert (apron.parent, apron.options) == ("AP", (("color", "navy"), ("size", "M")))


RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel><title>Kayanomi</title>
<item><g:id>KT-1</g:id><title>Shizuku Kettle</title><description>Boils &lt;b&gt;fast&lt;/b&gt;.
</description><link>https://shop.example/kt1</link><g:price>39.80 EUR</g:price>
<g:availability>in_stock</g:availability><g:image_link>https://shop.example/1.jpg</g:image_link>
<g:additional_image_link>https://shop.example/2.jpg</g:additional_image_link>
<g:additional_image_link>https://shop.example/3.jpg</g:additional_image_link>
<g:shipping><g:country>DE</g:country><g:price>4.90 EUR</g:price></g:shipping></item>
<item><g:id>KT-2</g:id><title>Yune Kettle</title><g:price>69.80 EUR</g:price></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="http://base.google.com/ns/1.0">
<title>Kayanomi</title><entry><g:id>KT-1</g:id><title>Shizuku Kettle</title>
<link href="https://shop.example/kt1"/><g:price>39.80 EUR</g:price></entry></feed>"""


def test_google_merchant_rss(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "feed.xml"
    path.write_text(RSS, encoding="utf-8")
    kettle, other = read(path).products
    assert (kettle.sku, kettle.price, kettle.currency) == ("KT-1", Decimal("39.80"), "EUR")
    assert kettle.description == "Boils fast."
    assert kettle.image == "https://shop.example/1.jpg"
    attributes = {a.name: a.text for a in kettle.attributes}
    assert attributes["shipping.price"] == "4.90 EUR"
    assert attributes["additional_image_link"].count("https://") == 2
    assert (other.sku, other.description, other.locator) == ("KT-2", "", "row 2")


def test_google_merchant_atom(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "feed.xml"
    path.write_text(ATOM, encoding="utf-8")
    (kettle,) = read(path).products
    assert (kettle.sku, kettle.url) == ("KT-1", "https://shop.example/kt1")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "#"])
def test_any_names_and_delimiters(tmp_path: Path, read: Read, delimiter: str) -> None:
    path = tmp_path / "list.csv"
    head = ["品　番", "品　名", "メーカー名", "販売価格(税抜)", "在庫状況", "商品URL", "容量"]
    rows = [
        ["A-1", "水筒", "カヤノミ", "￥1,980", "あり", "https://shop.example/a1", "１．５Ｌ"],
        ["A-2", "水筒 大", "カヤノミ", "オープン価格", "なし", "", "1,500 ml"],
    ]
    path.write_text(_csv(head, *rows, delimiter=delimiter), encoding="utf-8")
    small, large = read(path).products
    assert (small.price, small.currency, small.tax) == (Decimal("1980"), "JPY", "excluded")
    assert (large.price, large.price_text) == (None, "オープン価格")
    assert small.url == "https://shop.example/a1"
    volumes = [(a.number, a.unit, a.text) for p in (small, large) for a in p.attributes]
    assert volumes == [(Decimal("1500"), "mL", "１．５Ｌ"), (Decimal("1500"), "mL", "1,500 ml")]
