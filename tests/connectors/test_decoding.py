"""Bytes to text, for every encoding that company files come in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.encoding import decode
from connectors.errors import UnreadableFile

JAPANESE = "営業時間は9時から18時までです。\nお問い合わせは総務部（内線123）まで。\n"


@pytest.mark.parametrize(
    ("codec", "named"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16-le"),
        ("utf-32", "utf-32-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp932", "cp932"),
        ("euc_jp", "euc_jp"),
        ("iso2022_jp", "iso2022_jp_ext"),
    ],
)
def test_japanese_text_survives_its_encoding(codec: str, named: str) -> None:
    decoded = decode(JAPANESE.encode(codec))
    assert decoded.text == JAPANESE
    assert decoded.encoding == named


@pytest.mark.parametrize("mark", [b"\xfe\xff", b"\x00\x00\xfe\xff"])
def test_big_endian_byte_order_marks(mark: bytes) -> None:
    codec = "utf-16-be" if len(mark) == 2 else "utf-32-be"
    assert decode(mark + JAPANESE.encode(codec)).text == JAPANESE


@pytest.mark.parametrize(
    "text",
    [
        "価格",
        "東京都",
        "商品コード",
        "①㈱髙﨑",
        "ﾊﾟｿｺﾝ",
        "ﾃﾚﾋﾞ",
        "ｶﾒﾗ",
        "山田,１２０円",
        "はい",
        "※注意",
    ],
)
def test_short_shift_jis(text: str) -> None:
    decoded = decode(text.encode("cp932"))
    assert (decoded.text, decoded.encoding) == (text, "cp932")


@pytest.mark.parametrize("text", ["日本", "東京", "名前", "価格表", "テレビ", "はい、そうです。"])
def test_short_euc_jp(text: str) -> None:
    decoded = decode(text.encode("euc_jp"))
    assert (decoded.text, decoded.encoding) == (text, "euc_jp")


def test_half_width_kana_in_shift_jis_table() -> None:
    text = "ｺｰﾄﾞ,ﾒｲｼｮｳ\r\n001,ﾃｰﾌﾞﾙ\r\n002,ﾌﾞﾗｲﾝﾄﾞ\r\n"
    assert decode(text.encode("cp932")).text == text.replace("\r\n", "\n")


def test_iso_2022_jp_with_microsoft_characters() -> None:
    # ①㈱ stand in row 13 of JIS, where Python's iso2022_jp codecs know no characters.
    data = b"Subject \x1b$B-!-jF|K\\\x1b(B end \x1b(I1\x1b(B"
    decoded = decode(data)
    assert decoded.text == "Subject ①㈱日本 end ｱ"


@pytest.mark.parametrize(
    "text",
    [
        "Caf\u00e9 \u2013 na\u00efve r\u00e9sum\u00e9",
        "I don\u2019t know what \u201cit\u201d is",
        "Stra\u00dfe, M\u00fcller, Z\u00fcrich",
        "D\u00e9j\u00e0 vu \u00e0 la carte",
    ],
)
def test_western_text(text: str) -> None:
    decoded = decode(text.encode("cp1252"))
    assert (decoded.text, decoded.encoding) == (text, "cp1252")


def test_line_ends_become_line_feeds() -> None:
    assert decode(b"a\r\nb\rc\n").text == "a\nb\nc\n"


@pytest.mark.parametrize(
    "data", [bytes(range(256)) * 4, b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", b"ab\0"]
)
def test_binary_data_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableFile) as caught:
        decode(data)
    assert caught.value.reason == "binary"


@given(
    st.text(alphabet=st.characters(exclude_categories=["C"], exclude_characters="\r"), min_size=1)
)
def test_utf_8_round_trip(text: str) -> None:
    assert decode(text.encode()).text == text.removeprefix("\ufeff")


@given(st.text(alphabet="あいうえおかきくけこ漢字東京日本会社商品価格アイウエオ、。", min_size=6))
def test_japanese_round_trip(text: str) -> None:
    assert decode(text.encode("cp932")).text == text
    assert decode(text.encode("euc_jp")).text == text


@pytest.mark.parametrize("codec", ["utf-8", "cp932"])
def test_a_cut_character_does_not_spoil_the_file(codec: str) -> None:
    data = (JAPANESE * 3).encode(codec) + "終".encode(codec)[:-1]
    decoded = decode(data)
    assert decoded.encoding == codec
    assert decoded.text == JAPANESE * 3 + "\ufffd"
    assert decoded.damaged == 1


def test_single_kanji_cells_are_japanese() -> None:
    text = "sku,色,大\nA-1,白,小\nA-2,黒,5円\n"
    assert decode(text.encode("cp932")).text == text


@pytest.mark.parametrize("text", ["§301", "1½ cup", "±5 °C", "© 2020", "10 €"])
def test_single_western_signs(text: str) -> None:
    assert decode(text.encode("cp1252")).text == text
