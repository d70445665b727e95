"""What properties of products are called: in catalogues, and by people who ask for them.

Headings of fields (price, stock, …) stand in `connectors.catalog.headings`, the one table of them;
here are the other properties, and how each is asked for. A new one is a line.
"""

from __future__ import annotations

from dataclasses import dataclass

from connectors.catalog import headings


@dataclass(frozen=True, slots=True)
class Concept:
    """A property that catalogues call by several names. Patterns are for `plain` text."""

    key: str
    english: str
    japanese: str
    labels: str
    """Headings, with `_` for a space."""
    asked: str
    """Words of questions for it, as a regular expression."""
    vague: str = ""
    """The same, where nothing else is asked for (`how much`, `size`)."""
    unit: str = ""
    """Base unit that stands for it alone: `under 2 kg` is about weight."""
    part_of: str = ""
    """Key of the property that may state it as well: a width may stand in the dimensions."""


CONCEPTS = (
    Concept(
        "price", "price", "価格", "",
        r"\bpric(?:e|es|ed|ing)\b|\bcosts?\b|\bcharge\b"
        r"|お?値段|販売価格|価格|金額|おいくら|税込み?価格",
        r"how much(?: money)?(?: (?:is|are|for))?|would i pay|\bpay\b"
        r"|\b(?:cheap|expensive)\b|いくら", "JPY",
    ),
    Concept(
        "availability", "stock", "在庫", "",
        r"in[- ]stock|\bstock\b|availab(?:le|ility)|can i get|do you have it\b|buy now"
        r"|\b(?:are|is|have) left\b|\bremaining\b"
        r"|在庫(?:状況|数)?|残り|あと何(?:台|個)|残って|(?:すぐ|今すぐ|今)?買え(?:ます|る)|取り?扱い(?:は|が)?あります",
        r"(?<=[│a-z0-9])(?:は|って)?ありますか",
    ),
    Concept(
        "category", "category", "カテゴリー", "",
        r"categor(?:y|ies)|(?:type|kind|group) of products?|which section|where .*find(?= )"
        r"|カテゴリー?|分類|売り場"
        r"|何の商品",
        r"種類",
    ),
    Concept("brand", "brand", "メーカー", "", r"\bbrand\b|manufacturer|\bmaker\b|who makes"
            r"|メーカー|ブランド|製造元|どこの会社"),
    Concept(
        "description", "description", "説明", "",
        r"describe|description|special about|tell me about|know about|tell me more about"
        r"|what kind of product|特徴|特長|説明|どんな(?:商品|製品|もの)|どのような(?:商品|製品)",
        r"について|\babout\b|どんな|詳しく",
    ),
    Concept(
        "sku", "product code", "商品コード", "",
        r"(?:product|item|model|part|article) (?:code|number|no\.?)|\bskus?\b|\bcode\b"
        r"|商品コード|製品コード|型番|品番|商品番号|製品番号|型式|コード",
    ),
    Concept(
        "name", "name", "商品名", "",
        r"which product|what product|stands? for|the number\b|name of(?: the)?(?: product)?"
        r"|product name"
        r"|商品名|製品名|何という(?:商品|製品)|(?:どの|どんな名前の)(?:商品|製品)|名前",
        r"what is|what's|what(?= .* is\b)|何(?=ですか|$)|とは",
    ),
    Concept("url", "product page", "商品ページ", "", r"product page|\burl\b|\blink\b|商品ページ"),
    Concept(
        "weight", "weight", "重量",
        "weight 重量 重さ 質量 本体重量 製品重量 商品重量 net_weight item_weight product_weight "
        "variant_grams weight_kg weight_g mass 目方",
        r"weigh(?:t|s|ing)?\b|how heavy|\bmass\b|重さ|重量|目方|何(?:キロ|kg|グラム|g)(?![a-z])",
        unit="g",
    ),
    Concept(
        "capacity", "capacity", "容量",
        "capacity 容量 容積 満水容量 定格容量 volume tank_capacity 内容量 タンク容量 実容量 "
        "有効容量",
        r"how (?:much|many)(?: \w+)? (?=(?:does|do|can|will|would) .{1,60}\bholds?\b)"
        r"|capacit(?:y|ies)|\bholds?\b|\bholding\b|\bvolume\b"
        r"|how many (?:lit(?:er|re)s|l|ml|cups)\b"
        r"|容量|容積|何(?:リットル|l|ml|合)(?![a-z])|(?:どれ|どの)(?:くらい|ぐらい|だけ)入り?",
        unit="mL",
    ),
    Concept(
        "dimensions", "dimensions", "寸法",
        "dimensions dimension size 寸法 サイズ 大きさ 外形寸法 外寸 本体サイズ 製品サイズ "
        "本体寸法 product_dimensions item_dimensions measurements",
        r"dimensions?|measurements?|寸法|サイズ|大きさ",
        r"how (?:big|large)|\bsize\b|\bmeasures?\b",
    ),
    Concept("width", "width", "幅", "width 幅 横幅 横 寸法_幅 dimensions_width",
            r"\bwidth\b|how wide|横幅|幅", part_of="dimensions"),
    Concept("depth", "depth", "奥行", "depth 奥行 奥行き 寸法_奥行 dimensions_depth",
            r"\bdepth\b|how deep|奥行き?", part_of="dimensions"),
    Concept("height", "height", "高さ", "height 高さ 身長 寸法_高さ dimensions_height",
            r"\bheight\b|how (?:tall|high)|高さ", part_of="dimensions"),
    Concept("length", "length", "長さ", "length 長さ 全長", r"\blength\b|長さ|全長", r"how long",
            part_of="dimensions"),
    Concept("diameter", "diameter", "直径", "diameter 直径 径", r"\bdiameter\b|直径",
            part_of="dimensions"),
    Concept("thickness", "thickness", "厚さ", "thickness 厚さ 厚み",
            r"\bthickness\b|how thick|厚さ|厚み", part_of="dimensions"),
    Concept(
        "power", "power consumption", "消費電力",
        "power power_consumption wattage 消費電力 定格消費電力 rated_power 電力 ワット数 出力",
        r"power consumption|\bpower\b|wattage|how many watts|\bwatts\b|draws?\b|消費電力|ワット数"
        r"|電力|何(?:ワット|w)(?![a-z])",
        unit="W",
    ),
    Concept("voltage", "voltage", "電圧", "voltage 電圧 定格電圧 電源 rated_voltage",
            r"\bvoltage\b|how many volts|電圧|何ボルト", unit="V"),
    Concept(
        "battery", "battery life", "連続使用時間",
        "battery_life battery_runtime runtime 連続使用時間 連続再生時間 電池持続時間 使用時間 "
        "バッテリー駆動時間 稼働時間",
        r"battery (?:life|last)|run ?time|連続使用時間|バッテリー(?:の持ち|は何時間)",
    ),
    Concept("noise", "noise level", "運転音",
            "noise noise_level 運転音 騒音 騒音値 動作音 sound_level",
            r"\bnoise(?: level)?\b|how loud|how noisy|decibels?"
            r"|運転音|騒音|動作音|うるさ", unit="dB"),
    Concept("colour", "colour", "色",
            "color colour colors colours 色 カラー 本体色 色名 カラー展開",
            r"\bcolou?rs?\b|何色|色|カラー"),
    Concept("material", "material", "素材", "material materials 素材 材質 主素材 原材料 fabric",
            r"\bmaterials?\b|made (?:of|from|out of)|素材|材質|何でできて"),
    Concept(
        "warranty", "warranty", "保証期間",
        "warranty warranty_period guarantee 保証期間 保証 メーカー保証 保証年数",
        r"how long (?:is|does) (?:the |its )?(?:warranty|guarantee)(?= )"
        r"|warranty(?: period)?|guarantee|保証(?:期間|は何年|年数)?",
    ),
    Concept("origin", "country of origin", "原産国",
            "origin country_of_origin 原産国 原産地 産地 生産国 製造国 made_in",
            r"country of origin|where .{0,20}made|made in|原産国|原産地|産地|生産国|製造国"),
    Concept("released", "release date", "発売日", "release_date released 発売日 発売年 launch_date",
            r"release date|released|launch date|発売日|いつ発売"),
    Concept("energy", "energy", "エネルギー", "energy calories エネルギー 熱量 カロリー calorie",
            r"calories?|\benergy\b|\bkcal\b|カロリー|エネルギー|熱量", unit="kcal"),
    Concept("protein", "protein", "たんぱく質", "protein たんぱく質 タンパク質 蛋白質 proteins",
            r"\bproteins?\b|たんぱく質|たんぱく|蛋白質?"),
    Concept("fat", "fat", "脂質", "fat lipid 脂質 total_fat 脂肪", r"\bfats?\b|脂質|脂肪分?"),
    Concept("carbohydrate", "carbohydrate", "炭水化物",
            "carbohydrate carbohydrates carbs 炭水化物", r"carb(?:s|ohydrates?)?\b|炭水化物"),
    Concept("salt", "salt", "食塩相当量", "salt 食塩相当量 塩分 塩分相当量 食塩",
            r"\bsalt\b|食塩相当量|塩分量?|食塩"),
    Concept("fibre", "dietary fibre", "食物繊維", "fibre fiber dietary_fiber 食物繊維 食物繊維総量",
            r"(?:dietary )?fib(?:re|er)\b|食物繊維(?:総量)?"),
)  # fmt: skip

FIELD_LABELS = {
    field: tuple(name for line in lines for name in line.split())
    for field, lines in headings.STRONG.items()
}
"""Field → its headings in catalogues."""

SAME_VALUES = (
    "black ブラック 黒 黒い 黒色", "white ホワイト 白 白い 白色", "red レッド 赤 赤い 赤色",
    "blue ブルー 青 青い 青色", "green グリーン 緑 緑色", "yellow イエロー 黄 黄色 黄色い",
    "pink ピンク 桃色", "grey gray グレー 灰色", "silver シルバー 銀 銀色", "gold ゴールド 金色",
    "brown ブラウン 茶 茶色 茶色い", "orange オレンジ 橙", "purple パープル 紫", "navy ネイビー 紺",
    "beige ベージュ", "clear transparent クリア 透明", "charcoal チャコール",
    "stainless ステンレス", "steel スチール 鋼", "glass ガラス", "wood wooden 木 木製 ウッド",
    "lid 蓋 ふた フタ", "battery バッテリー 電池 充電池", "内釜 内鍋 内なべ",
    "plastic プラスチック 樹脂", "cotton 綿 コットン", "leather 革 レザー 本革", "wool ウール 羊毛",
    "aluminium aluminum アルミ アルミニウム", "ceramic セラミック 陶器", "titanium チタン",
    "鶏 鶏肉 にわとり 鳥 チキン", "牛 牛肉 うし ビーフ", "豚 豚肉 ぶた ポーク",
    "魚 魚類 さかな お魚",
    "卵 たまご 鶏卵", "米 こめ ごはん", "野菜 野菜類", "果物 果実 果実類 フルーツ", "鮭 さけ サケ",
)  # fmt: skip
"""Words of values that mean the same."""

YES = frozenset(
    "yes true ○ ◯ ◎ あり 有 有り 可 可能 対応 はい y ✓ ✔ 付き supported included".split()
)
NO = frozenset("no false × ✕ なし 無 無し 不可 非対応 いいえ n unsupported".split())
"""What cells say instead of yes and no."""
