"""How documents are cut, case by case."""

from __future__ import annotations

import pytest
from builder_fakes import count_tokens, make_document, make_product

from builder.prepare.chunk import chunk_document
from builder.records import Chunk
from connectors.records import Document


def cut(document: Document, limit: int = 60) -> list[Chunk]:
    return chunk_document(document, limit, count_tokens)


def read(document: Document, limit: int = 60) -> str:
    return "\n".join(chunk.model_text for chunk in cut(document, limit))


def test_headings_are_the_path_to_the_chunk() -> None:
    text = "# Shop\n\nWelcome.\n\n## Returns\n\nWithin 14 days.\n\n### Fee\n\nNone.\n"
    text += "\n# Jobs\n\nAsk us."
    paths = {c.model_text: c.headings for c in cut(make_document(text), limit=4)}
    assert paths == {
        "Welcome.": ("Shop",),
        "Within 14 days.": ("Shop", "Returns"),
        "None.": ("Shop", "Returns", "Fee"),
        "Ask us.": ("Jobs",),
    }
    assert [c.locator for c in cut(make_document(text), limit=4)] == [
        "Shop",
        "Shop › Returns",
        "Returns › Fee",
        "Jobs",
    ]


def test_japanese_articles_are_headings_where_nothing_marks_them() -> None:
    text = (
        "就業規則\n\n第1章 総則\n\n第１条（目的）\nこの規則は、労働条件を定める。\n"
        "第2条（適用範囲）\nこの規則は、社員に適用する。第1条の目的による。\n"
        "第二章 服務\n第３条 社員は、第1条を守る。\n"
    )
    chunks = cut(make_document(text, suffix="txt"), limit=25)
    paths = {chunk.headings for chunk in chunks}
    assert ("第1章 総則", "第1条（目的）") in paths
    assert any(path[:1] == ("第二章 服務",) for path in paths)
    # A sentence that begins with an article's number is text.
    assert "社員は、第1条を守る。" in read(make_document(text, suffix="txt"))
    assert all("守る" not in step for path in paths for step in path)


def test_titles_without_marks_are_no_headings_where_the_reader_marks_them() -> None:
    chunks = cut(make_document("第1条（目的）\nこの規則は、労働条件を定める。\n", suffix="docx"))
    assert [chunk.headings for chunk in chunks] == [()]


@pytest.mark.parametrize(
    "text",
    [
        "手順\n\n1. 電源を入れる\n2. 鍵を開ける\n3. レジを開く\n",
        "Steps\n\n1. Turn on the power\n2. Unlock the door\n3. Open the till\n",
        "連絡先\n\n■本社 03-1234-5678\n■支店 06-1234-5678\n",
    ],
)
def test_lines_that_look_like_titles_but_head_nothing_are_kept(text: str) -> None:
    document = make_document(text, suffix="txt")
    for line in filter(None, text.split("\n")):
        assert line in read(document)
    assert len(cut(document)) == 1


def test_a_heading_at_the_end_is_kept() -> None:
    chunks = cut(make_document("# Shop\n\nWelcome.\n\n## Call 03-1234-5678\n"))
    assert "Call 03-1234-5678" in "\n".join(chunk.model_text for chunk in chunks)


def test_each_chunk_names_the_page_that_it_begins_on() -> None:
    pages = [f"Page {n} tells about topic{n}. " + "It goes on for long. " * 8 for n in "ABC"]
    chunks = cut(make_document(*pages, suffix="pdf", locator="page"), limit=30)
    for number, letter in enumerate("ABC", 1):
        (first,) = [chunk for chunk in chunks if f"topic{letter}" in chunk.model_text]
        assert first.locator == f"page {number}"
    assert {chunk.locator for chunk in chunks} == {"page 1", "page 2", "page 3"}


def table(name: str, rows: int) -> str:
    lines = [f"| {name} | Price |", "| --- | ---: |"]
    return "\n".join([*lines, *(f"| {name} number {n} | {n}00 yen |" for n in range(rows))])


def test_each_chunk_of_a_table_begins_with_its_head() -> None:
    chunks = cut(make_document(table("Kettle", 12)), limit=30)
    assert len(chunks) > 2
    assert {chunk.kind for chunk in chunks} == {"table"}
    assert {chunk.model_text.split("\n")[0] for chunk in chunks} == {"| Kettle | Price |"}
    assert [chunk.text.startswith("| Kettle | Price |") for chunk in chunks] == [
        True,
        *[False] * (len(chunks) - 1),
    ]
    assert "---" not in "".join(chunk.model_text for chunk in chunks)


def test_the_second_table_of_a_section_has_its_own_head() -> None:
    text = f"{table('Kettle', 6)}\n\nAnd the pans:\n\n{table('Pan', 6)}"
    chunks = cut(make_document(text), limit=30)
    later = [chunk.model_text for chunk in chunks if "Pan number" in chunk.model_text]
    assert len(later) > 1
    assert all("| Pan | Price |" in lines for lines in later)
    assert all("| Kettle | Price |" not in lines for lines in later[1:])


def test_page_headers_footers_and_numbers_are_left_out() -> None:
    pages = [
        f"就業規則 社外秘\n\n{topic}について定めます。\n\n- {number} -\n\nPage {number + 4} of 9"
        for number, topic in enumerate(["休暇", "給与", "退職", "服装"], 1)
    ]
    text = read(make_document(*pages, suffix="pdf", locator="page"))
    assert "就業規則" not in text
    assert "Page" not in text
    assert "- 2 -" not in text
    for topic in ("休暇", "給与", "退職", "服装"):
        assert f"{topic}について定めます。" in text


def test_table_heads_that_come_again_on_each_page_are_kept() -> None:
    pages = [f"| 品名 | 価格 |\n|---|---|\n| 品{n} | {n}00円 |" for n in range(1, 5)]
    chunks = cut(make_document(*pages, suffix="pdf", locator="page"))
    assert sum(chunk.text.count("| 品名 | 価格 |") for chunk in chunks) == 4


def test_the_facts_of_alike_pages_are_no_headers() -> None:
    shops = {"東店": "03-1234-5678", "西店": "06-8765-4321", "南店": "052-111-2222"}
    slides = [f"# {shop}\n\n電話 {phone}\n\n- 営業 10時から" for shop, phone in shops.items()]
    chunks = cut(make_document(*slides, suffix="pptx", locator="slide"))
    for (shop, phone), chunk in zip(shops.items(), chunks, strict=True):
        assert chunk.headings == (shop,)
        assert phone in chunk.model_text
        assert "営業 10時から" in chunk.model_text


def test_long_text_that_comes_again_is_text() -> None:
    notice = "ご利用の前に、この注意をかならずお読みください。" * 8
    pages = [f"{notice}\n\n手順{letter}です。" for letter in "甲乙丙"]
    text = read(make_document(*pages, suffix="pdf", locator="page"), limit=200)
    assert text.count("かならずお読みください") == 24


def test_two_pages_are_too_few_for_headers() -> None:
    text = read(make_document("Notice\n\nOne.", "Notice\n\nTwo.", suffix="pdf", locator="page"))
    assert text.count("Notice") == 2


def test_a_paragraph_over_a_page_break_is_joined() -> None:
    english = make_document("The goods may be", "returned for free.", suffix="pdf", locator="page")
    (chunk,) = cut(english)
    assert chunk.model_text == "The goods may be returned for free."
    assert chunk.text == "The goods may be\nreturned for free."
    assert chunk.spans == ((0, 0, 16), (1, 0, 18))
    assert chunk.locator == "page 1"
    japanese = make_document("商品は無料で返", "品できます。", suffix="pdf", locator="page")
    assert read(japanese) == "商品は無料で返品できます。"


def test_whole_sentences_at_a_page_break_stay_apart() -> None:
    document = make_document("終わりました。", "始まります。", suffix="pdf", locator="page")
    assert read(document) == "終わりました。\n始まります。"


def test_ids_stay_when_another_section_changes() -> None:
    sections = {title: f"{title}について説明します。" * 6 for title in ("返品", "保証", "修理")}
    before = make_document("\n\n".join(f"# {t}\n\n{s}" for t, s in sections.items()))
    sections["保証"] = "保証は2年です。" * 7
    after = make_document("\n\n".join(f"# {t}\n\n{s}" for t, s in sections.items()))
    old = {c.id for c in cut(before) if c.headings != ("保証",)}
    new = {c.id for c in cut(after) if c.headings != ("保証",)}
    assert old == new
    assert len(old) > 1
    assert {c.id for c in cut(before)} != {c.id for c in cut(after)}


def test_ids_differ_between_documents_and_for_a_text_that_stands_twice() -> None:
    text = "# A\n\nSame words.\n\n# B\n\nSame words.\n"
    md, txt = make_document(text), make_document(text, suffix="docx")
    ids = [chunk.id for document in (md, txt) for chunk in cut(document)]
    assert len(set(ids)) == len(ids)


def test_small_neighbours_are_put_together_within_the_limit() -> None:
    parts = "".join(f"## Heading number {n}\n\nShort {n}.\n\n" for n in range(12))
    chunks = cut(make_document(f"# Shop\n\n{parts}"), limit=40)
    assert len(chunks) < 12
    assert max(count_tokens([chunk.model_text for chunk in chunks])) <= 40
    joined = [chunk for chunk in chunks if chunk.model_text.count("Short") > 1]
    assert joined
    for chunk in joined:
        assert chunk.headings == ("Shop",)
        assert "Heading number" in chunk.model_text


@pytest.mark.parametrize(
    "text", ["あ" * 500, "kettle " * 300, "長い文、" * 200, "| " + "cell " * 200 + "|"]
)
def test_a_sentence_over_the_limit_is_cut_and_complete(text: str) -> None:
    chunks = cut(make_document(text), limit=50)
    assert max(count_tokens([chunk.model_text for chunk in chunks])) <= 50
    joined = "".join("".join(c.model_text.replace("|", "").split()) for c in chunks)
    assert joined == "".join(text.replace("|", "").split())
    if " " in text:
        assert {word for c in chunks for word in c.model_text.split()} <= {"kettle", "cell", "|"}


def test_cuts_of_an_untouched_paragraph_point_to_themselves() -> None:
    text = " ".join(f"Sentence number {n} is here." for n in range(30))
    chunks = cut(make_document(text), limit=30)
    assert len(chunks) > 3
    assert all(chunk.text == chunk.model_text for chunk in chunks)


def test_a_row_of_the_catalogue_is_a_chunk_with_its_sku() -> None:
    products = [
        make_product("K-210", "ケトル", 2, 価格="４，９８０円"),
        make_product("K-210", "ケトル", 3, 価格="４，９８０円"),
    ]
    document = make_document("", suffix="csv", products=products)
    chunks = cut(document)
    assert [chunk.locator for chunk in chunks] == ["row 2", "row 3"]
    assert chunks[0].id != chunks[1].id
    assert {chunk.kind for chunk in chunks} == {"product"}
    assert chunks[0].sku == "K-210"
    assert chunks[0].headings == ("ケトル",)
    assert chunks[0].text == "SKU: K-210\nName: ケトル\n価格: ４，９８０円"
    assert chunks[0].model_text.endswith("価格: 4,980円")
    assert chunks[0].tokens == count_tokens([chunks[0].model_text])[0]


def test_front_matter_gives_its_names_and_a_text_between_rules_stays() -> None:
    matter = "---\ntitle: 返品のご案内\nlayout: page\npermalink: /x\n---\n\n本文です。\n"
    text = read(make_document(matter))
    assert "返品のご案内" in text
    assert "layout" not in text
    assert "permalink" in read(make_document(matter, suffix="txt"))
    for suffix in ("md", "txt"):
        between = make_document("---\nRead this first.\n---\nThe text.\n", suffix=suffix)
        kept = "\n".join("\n".join((*c.headings, c.model_text)) for c in cut(between))
        assert "Read this first." in kept


@pytest.mark.parametrize("text", ["", "\n\n", "---\n", "![](photo.png)\n", "| --- |\n"])
def test_a_document_without_words_has_no_chunks(text: str) -> None:
    assert cut(make_document(text)) == []


def test_questions_and_bullets_without_space_stand_apart() -> None:
    text = "・りんご\n・みかん\n\n**Q1. 返品できますか？**\nできます。\n"
    text += "**Q2. いつまで？**\n2日です。\n"
    assert read(make_document(text)).split("\n") == [
        "・りんご",
        "・みかん",
        "Q1. 返品できますか？ できます。",
        "Q2. いつまで？ 2日です。",
    ]
