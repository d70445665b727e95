"""XML: feeds, records, prose, spreadsheets; and what hostile files try."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from connectors.records import Document, Rejection

Read = Callable[[Path], Document]
Reject = Callable[[Path], Rejection]

RSS = """<?xml version="1.0" encoding="{encoding}"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>㈱山田のお知らせ</title><link>https://example.com/</link><description>新製品①</description>
<item><title>夏季休業</title><link>https://example.com/1</link><pubDate>Mon, 03 Aug 2026</pubDate>
<dc:creator>総務</dc:creator><category>お知らせ</category><description>休みます…</description>
<content:encoded><![CDATA[<p>八月十日から<b>休業</b>します。</p><ul><li>工場</li></ul>]]></content:encoded>
</item>
<item><title>価格改定</title><link>javascript:alert(1)</link>
<description>上がります &amp; 下がります</description>
</item>
</channel></rss>
"""


def _write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    ("declared", "codec"),
    [("UTF-8", "utf-8"), ("Shift_JIS", "cp932"), ("EUC-JP", "euc_jis_2004"), ("utf-16", "utf-16")],
)
def test_rss_becomes_its_entries_in_any_encoding(
    declared: str, codec: str, tmp_path: Path, read: Read
) -> None:
    text = RSS.format(encoding=declared)
    text = text.replace("㈱", "株式会社") if codec == "euc_jis_2004" else text
    document = read(_write(tmp_path / "feed.xml", text, codec))
    assert document.title.endswith("山田のお知らせ")
    assert document.parts[0].text.partition("のお知らせ\n\n")[2] == (
        "新製品①\n\n## 夏季休業\n\nMon, 03 Aug 2026 / 総務 / お知らせ\n\n"
        "八月十日から休業します。\n\n- 工場\n\nhttps://example.com/1\n\n"
        "## 価格改定\n\n上がります & 下がります\n"
    )


def test_a_false_declaration_does_not_make_a_utf8_file_unreadable(
    tmp_path: Path, read: Read
) -> None:
    text = RSS.format(encoding="UTF-16")
    assert "八月十日" in read(_write(tmp_path / "feed.xml", text)).parts[0].text


def test_atom_and_rss_1(tmp_path: Path, read: Read) -> None:
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>通信</title><entry><title>新店</title>'
        '<link rel="self" href="https://example.com/self"/><link href="https://example.com/a"/>'
        "<author><name>広報</name><uri>https://example.com/u</uri></author>"
        '<updated>2026-04-01</updated><content type="xhtml">'
        '<div xmlns="http://www.w3.org/1999/xhtml"><p>駅前です。</p></div></content></entry></feed>'
    )
    assert read(_write(tmp_path / "a.atom", atom)).parts[0].text == (
        "# 通信\n\n## 新店\n\n2026-04-01 / 広報\n\n駅前です。\n\nhttps://example.com/a\n"
    )
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/"><channel><title>旧式</title></channel>'
        "<item><title>一件目</title><link>https://example.com/1</link></item></rdf:RDF>"
    )
    assert read(_write(tmp_path / "a.rss", rdf)).parts[0].text == (
        "# 旧式\n\n## 一件目\n\nhttps://example.com/1\n"
    )


def test_records_of_a_catalogue_become_products(tmp_path: Path, read: Read) -> None:
    rows = "".join(
        f'<商品 型番="K-{n}"><商品名>釜{n}</商品名><価格>{n}00円</価格>'
        f"<寸法><幅>{n}cm</幅></寸法></商品>"
        for n in (1, 2)
    )
    text = f"<カタログ><発行>2026年4月</発行><一覧>{rows}</一覧></カタログ>"
    document = read(_write(tmp_path / "a.xml", text))
    assert [(p.sku, p.name, p.price, p.locator) for p in document.products] == [
        ("K-1", "釜1", Decimal(100), "row 1"),
        ("K-2", "釜2", Decimal(200), "row 2"),
    ]
    assert ("寸法.幅", "1cm") in document.products[0].cells
    assert document.parts[0].text == "発行: 2026年4月\n"


def test_prose_keeps_headings_and_marked_words(tmp_path: Path, read: Read) -> None:
    text = (
        "<article><title>手引</title><section><title>設置</title>"
        "<para>本体を<emphasis>水平</emphasis>に置く。</para><itemizedlist><listitem>"
        "<para>机</para></listitem></itemizedlist></section></article>"
    )
    document = read(_write(tmp_path / "a.xml", text))
    assert document.title == "手引"
    assert [line for line in document.parts[0].text.splitlines() if line] == [
        "# 手引",
        "## 設置",
        "本体を水平に置く。",
        "- 机",
    ]


def test_named_values_and_attributes(tmp_path: Path, read: Read) -> None:
    text = '<会社 地域="関西"><代表 役="社長">山田</代表><所在地><市>京都</市></所在地></会社>'
    assert read(_write(tmp_path / "a.xml", text)).parts[0].text == (
        "地域: 関西\n代表: 山田\n  役: 社長\n所在地:\n  市: 京都\n"
    )


def test_a_spreadsheet_of_excel_2003(tmp_path: Path, read: Read) -> None:
    rows = "".join(
        "<Row>" + "".join(f'<Cell><Data ss:Type="String">{v}</Data></Cell>' for v in row) + "</Row>"
        for row in (("型番", "商品名", "価格"), ("K-1", "釜", "100円"), ("K-2", "鍋", "200円"))
    )
    hidden = "<x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions>"
    text = (
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:x="urn:schemas-microsoft-com:office:excel">'
        f'<Worksheet ss:Name="商品"><Table>{rows}</Table></Worksheet>'
        '<Worksheet ss:Name="日付"><Table><Row ss:Index="3"><Cell ss:Index="2"><Data '
        'ss:Type="DateTime">2026-04-01T00:00:00.000</Data></Cell></Row></Table></Worksheet>'
        f'<Worksheet ss:Name="秘密"><Table>{rows}</Table>{hidden}</Worksheet></Workbook>'
    )
    document = read(_write(tmp_path / "export.xls", text))  # the suffix that exports carry
    assert [(p.sku, p.locator) for p in document.products] == [
        ("K-1", "sheet 商品 row 2"),
        ("K-2", "sheet 商品 row 3"),
    ]
    assert [(p.locator, p.text) for p in document.parts] == [("sheet 日付", "2026-04-01\n")]
    assert document.notes[0] == "hidden sheets left out: 秘密"


def test_no_external_entity_is_read(tmp_path: Path, reject: Reject) -> None:
    (tmp_path / "secret.txt").write_text("秘密", encoding="utf-8")
    address = (tmp_path / "secret.txt").as_uri()
    text = f'<!DOCTYPE a [<!ENTITY x SYSTEM "{address}">]><a>読む: &x;</a>'
    assert reject(_write(tmp_path / "a.xml", text)).reason == "broken"


def test_an_external_dtd_is_not_loaded(tmp_path: Path, read: Read) -> None:
    (tmp_path / "a.dtd").write_text('<!ENTITY x "秘密">', encoding="utf-8")
    text = f'<!DOCTYPE a SYSTEM "{(tmp_path / "a.dtd").as_uri()}"><a><b>本文</b></a>'
    assert read(_write(tmp_path / "a.xml", text)).parts[0].text == "b: 本文\n"


@pytest.mark.parametrize("place", ["text", "attribute"])
def test_a_billion_laughs_are_harmless(place: str, tmp_path: Path, reject: Reject) -> None:
    entities = '<!ENTITY a0 "ha">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)
    )
    body = "<a>&a9;</a>" if place == "text" else '<a b="&a9;"/>'
    rejection = reject(_write(tmp_path / "a.xml", f"<!DOCTYPE a [{entities}]>{body}"))
    assert rejection.reason == "broken"


def test_a_file_s_own_entities_are_read(tmp_path: Path, read: Read) -> None:
    text = '<!DOCTYPE a [<!ENTITY co "株式会社山田">]><a><b>&co;の規程</b></a>'
    assert read(_write(tmp_path / "a.xml", text)).parts[0].text == "b: 株式会社山田の規程\n"


@pytest.mark.parametrize(
    "text",
    [
        "<a><b>途中で",
        "これはXMLではない",
        "<a>" * 5000 + "</a>" * 5000,
        f'<a b="{"x" * 11_000_000}"/>',
        "<a>&nbsp;</a>",
    ],
    ids=["truncated", "no XML", "nested", "huge attribute", "unknown entity"],
)
def test_what_is_no_sound_xml_is_rejected(text: str, tmp_path: Path, reject: Reject) -> None:
    rejection = reject(_write(tmp_path / "a.xml", text))
    assert rejection.reason == "broken"
    assert "valid XML" in rejection.message


def test_without_text(tmp_path: Path, reject: Reject) -> None:
    assert reject(_write(tmp_path / "a.xml", "<a><b/></a>")).reason == "no-text"
