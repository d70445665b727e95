"""What the columns of catalogues are called, in Japanese and English: the one table of synonyms.

Names are compared without width, case, spaces, punctuation and parentheses (`columns.key_of`). A
line is a rank: where two columns may hold one field, the earlier line's is taken, then the one
further left. bot.toml's `sources.columns` goes before all of this.
"""

from __future__ import annotations

FIELDS = (
    "sku name brand category price currency tax description availability url image parent option"
).split()

STRONG: dict[str, tuple[str, ...]] = {
    "sku": (
        "sku skuコード sku番号 variant_sku seller_sku 型番 品番 型式 商品コード 製品コード "
        "商品番号 製品番号 商品型番 製品型番 part_no part_number part_code model_no model_number "
        "model_code "
        "product_code product_no product_number item_code item_no item_number article_no "
        "article_number catalog_no catalog_number カタログ番号 図番 メーカー型番 商品管理番号",
        "model mpn product_id variant_id 商品id 製品id 食品番号",
        "jan janコード janean jan/ean ean upc gtin barcode variant_barcode バーコード isbn",
    ),
    "name": (
        "product product_name item_name part_name model_name service_name dish book_title "
        "商品名 商品 商品名称 製品名 製品 製品名称 品名 品目 品目名 食品名 部品名 部品名称 機種名 "
        "モデル名 書名 サービス名 メニュー名 メニュー 料理名 food_name food_and_description",
    ),
    "price": (
        "販売価格 売価 販売単価 セール価格 税込価格 税込販売価格 price unit_price selling_price "
        "sales_price variant_price price_jpy price_usd price_eur price_gbp price_incl_tax 価格 "
        "単価 値段 料金 税込 価格税込",
        "sale_price 定価 list_price retail_price regular_price msrp rrp 通常価格 希望小売価格 "
        "メーカー希望小売価格 標準価格 上代 税抜価格 本体価格 price_excl_tax 税抜",
    ),
    "brand": (
        "brand brand_name maker manufacturer vendor メーカー メーカー名 ブランド ブランド名 "
        "製造元 製造者 発売元 出版社",
    ),
    "category": (
        "category product_category product_type food_group categories 分類 商品分類 カテゴリ "
        "カテゴリー カテゴリ名 カテゴリー名 商品カテゴリ 商品カテゴリー 大分類 種別 種類 品種 "
        "ジャンル",
        "google_product_category",
    ),
    "description": (
        "description product_description desc body body_html long_description 説明 説明文 商品説明 "
        "製品説明 商品説明詳細 詳細メインコメント 詳細説明 商品詳細",
        "short_description summary 概要 特徴 特長 紹介文 詳細 商品説明一覧 一覧メインコメント "
        "キャッチコピー",
    ),
    "availability": (
        "availability stock in_stock stock_status 在庫 在庫数 在庫状況 在庫数量 販売状況 販売状態 "
        "variant_inventory_qty inventory_quantity stock_quantity 在庫有無",
    ),
    "url": ("url link product_url product_page リンク 商品url 製品ページ 商品ページ",),
    "image": (
        "image image_link image_url image_src product_image_url main_image 商品画像 画像 画像url "
        "商品画像url メイン画像 詳細メイン画像 写真 images",
        "variant_image variant_image_url 一覧メイン画像 サムネイル thumbnail",
    ),
    "currency": ("currency price_currency currency_code 通貨 通貨コード",),
    "tax": ("税区分 消費税区分 課税区分 内税外税 税込税抜 tax_included price_includes_tax",),
    "parent": (
        "item_group_id handle url_handle parent_sku parent_id parent_code 親sku 親商品コード "
        "親品番 親コード 商品グループid グループコード",
        "parent",
    ),
}
"""Names that say what they are in any table."""

WEAK: dict[str, str] = {
    "sku": "id code no number ref コード 番号 管理番号 記号",
    "name": "name title item 名称 名前 タイトル 項目名",
    "category": "type",
}
"""Names that say so beside strong ones only."""

FOREIGN = (
    "question answer 質問 回答 faq q 設問 氏名 社員番号 社員名 employee employee_id "
    "employee_name first_name last_name full_name 住所 所在地 address street city 電話 電話番号 "
    "tel phone phone_number email e-mail mail メール メールアドレス 店舗 店舗名 店舗コード "
    "店舗番号 店名 store store_id store_name store_code 営業時間 定休日 opening_hours 部署 部署名 "
    "department 注文番号 注文日 order_id order_no order_number order_date customer customer_id "
    "customer_name 顧客 顧客名 顧客番号 顧客コード 得意先 小計 合計 金額 amount subtotal "
    "total 担当 担当者 owner assignee due_date 期日 priority 優先度 salary 給与 売上 sales revenue "
    "売上高 日付 date"
)
"""One of these, and the table is about people, places, orders or questions."""

STOCK_OR_ORDER = "数量 quantity qty"
"""Stock in a catalogue, else an order."""

HIDDEN: dict[str, str] = {
    "published": "false",
    "published_on_online_store": "false",
    "公開ステータス": "2 3 非公開 廃止",
    "公開フラグ": "2 非公開",
    "商品削除フラグ": "1",
}
"""Columns that say whether a product is shown in the shop, and what they say when it is not."""

HIDDEN_STATUS = "draft archived unlisted"
"""The same for the column `Status` of a table with variants."""

VARIANT_AXES = (
    "color colour size material pattern カラー 色 サイズ 素材 柄 色名 サイズ名 variation "
    "バリエーション 規格"
)
"""What tells variants apart, in tables that say which rows are variants of one product."""

IGNORED = (
    # for the shop's program
    "variant_inventory_tracker inventory_tracker variant_inventory_policy variant_fulfillment_"
    "service fulfillment_service variant_requires_shipping requires_shipping variant_taxable "
    "charge_tax gift_card seo_title seo_description image_position image_alt_text variant_tax_code "
    "tax_code variant_weight_unit weight_unit_for_display continue_selling_when_out_of_stock "
    "option1_linked_to option2_linked_to option3_linked_to 商品規格id 在庫数無制限フラグ "
    "identifier_exists "
    # not for the shop's customers
    "cost_per_item cost cost_price purchase_price wholesale_price 原価 仕入価格 仕入単価 仕入値 "
    "仕切価格 卸価格 卸値 下代 ショップ用メモ欄 備考欄 社内メモ 社内備考"
)
"""Left out with a note: what only the shop's program or its owner needs. `"原価" = "attribute"` in
bot.toml takes one back."""

NOT_PRICES = "shipping tax cost 送料 原価 仕入 仕切 卸 帯 変更 改定 date history compare"
"""Words in a heading with `price` or `価格` that make it something else."""
