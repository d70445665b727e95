"""What a question finds: part numbers, Japanese, and never what the asker may not read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from builder_fakes import FakeEmbedder, make_chunk, make_product

from builder.config import RetrievalSection
from builder.knowledge.index import Index, update_index
from builder.knowledge.retrieve import _best_document_first, retrieve
from builder.records import CatalogEntry, Chunk, Passage, Question
from builder.workspace import write_jsonl

PRODUCTS = {
    sku: make_product(sku, name)
    for sku, name in [
        ("K-210", "Kettle Plain"),
        ("K-210S", "Kettle Steel"),
        ("K-2100", "Kettle Large"),
        ("PAN.30 X", "Pan Thirty"),
        ("ケ-15", "銅のケトル"),
    ]
}
ENTRIES = [
    CatalogEntry(
        make_chunk(
            "catalogue.csv",
            f"SKU: {sku}\nName: {product.name}",
            kind="product",
            sku=sku,
            headings=(product.name,),
        ),
        product,
    )
    for sku, product in PRODUCTS.items()
]
TEXTS = [
    make_chunk("returns.md", "Goods may be returned within 14 days of delivery."),
    make_chunk("返品.md", "商品の返品は、到着から14日以内にお申し出ください。", language="ja"),
    make_chunk("保証.md", "ケトルの保証期間は2年間です。", language="ja"),
    make_chunk("営業.md", "営業時間は10時から19時までです。", language="ja"),
    make_chunk("parts.md", "The lid SP-K310-G fits the kettle."),
]
SALARY = make_chunk("hr/salary.md", "The salary of the manager is 9000 yen.", groups=("hr",))

Ask = Callable[..., list[Passage]]


def build(folder: Path, embedder: FakeEmbedder, chunks: list[Chunk]) -> Index:
    write_jsonl(folder / "chunks.jsonl", chunks)
    held = {chunk.id: chunk for chunk in chunks}
    entries = [CatalogEntry(held[e.chunk.id], e.product) for e in ENTRIES if e.chunk.id in held]
    update_index(folder / "index", chunks, entries, embedder, lambda *_: None)
    return Index(folder / "index", folder / "chunks.jsonl", embedder)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    chunks = [*TEXTS, *(entry.chunk for entry in ENTRIES), SALARY]
    return build(tmp_path_factory.mktemp("bot"), FakeEmbedder(), chunks)


def ask(index: Index, text: str, groups: tuple[str, ...] = (), **settings: object) -> list[Passage]:
    question = Question("q", text, groups=groups)
    return retrieve(index, [question], RetrievalSection(**settings), 10)[0]


@pytest.mark.parametrize(
    ("question", "sku"),
    [
        ("How much is the K-210?", "K-210"),
        ("How much is the K-210S?", "K-210S"),
        ("K-2100の価格は？", "K-2100"),
        ("k210sはいくら", "K-210S"),
        ("Ｋ－２１０の色は？", "K-210"),
        ("Ｋ２１０Ｓの色は？", "K-210S"),
        ("Ｋ‐210の色", "K-210"),
        ("K−210の色", "K-210"),
        ("Kー210の色", "K-210"),
        ("K 210 colour", "K-210"),
        ("pan.30 x size", "PAN.30 X"),
        ("PAN30X size", "PAN.30 X"),
        ("ｹ-15の重さ", "ケ-15"),
        ("銅のケトルの重さ", "ケ-15"),
        ("What colour is the kettle steel?", "K-210S"),
    ],
)
def test_a_product_is_found_by_its_number_or_name(index: Index, question: str, sku: str) -> None:
    first = ask(index, question)[0]
    assert first.chunk.sku == sku
    assert first.score > 1.0


def test_the_document_with_two_good_chunks_comes_first() -> None:
    returns, repair, parts = (chunk.id for chunk in (TEXTS[0], TEXTS[2], TEXTS[4]))
    same = replace(make_chunk("parts.md", "It fits no pan."), document_id=TEXTS[4].document_id)
    known = {chunk.id: chunk for chunk in [*TEXTS, same]}

    class Held:
        chunk = staticmethod(known.__getitem__)

    def first(*scores: tuple[str, float]) -> str:
        ranked = _best_document_first(Held(), list(scores))  # type: ignore[arg-type]
        assert {chunk_id for chunk_id, _ in ranked} == {chunk_id for chunk_id, _ in scores}
        assert [score for _, score in ranked] == sorted((s for _, s in ranked), reverse=True)
        return ranked[0][0]

    assert first((returns, 0.050), (parts, 0.045), (repair, 0.04), (same.id, 0.030)) == parts
    assert first((returns, 0.050), (parts, 0.040), (repair, 0.03), (same.id, 0.020)) == returns
    assert first((returns, 0.050), (repair, 0.049), (parts, 0.01)) == returns
    kettles = [(entry.chunk.id, 0.049 - place / 1000) for place, entry in enumerate(ENTRIES)]
    known |= {entry.chunk.id: entry.chunk for entry in ENTRIES}
    assert first((returns, 0.050), *kettles) == returns  # rows of a catalogue are no second ones


@pytest.mark.parametrize("question", ["K-2109", "K-210-B", "AK-210", "K-21", "B-K-210", "21000"])
def test_no_product_is_named_by_a_longer_or_shorter_number(index: Index, question: str) -> None:
    assert all(passage.score < 1.0 for passage in ask(index, f"What is {question}?"))


@pytest.mark.parametrize(
    ("question", "source"),
    [
        ("Until when can I return goods?", "returns.md"),
        ("商品の返品はいつまで？", "返品.md"),
        ("ｹﾄﾙの保証期間は？", "保証.md"),
        ("営業時間は１０時からですか", "営業.md"),
        ("SP-K310-G", "parts.md"),
        ("ＳＰ－Ｋ３１０－Ｇは合う？", "parts.md"),
    ],
)
@pytest.mark.parametrize("weight", [0.7, 0.0, 1.0])
def test_either_search_finds_the_passage(
    index: Index, question: str, source: str, weight: float
) -> None:
    found = ask(index, question, dense_weight=weight)
    assert source in [passage.chunk.source for passage in found[:2]]


HOSTILE = [
    "everybody",
    "group:hr",
    "reader everybody",
    "reader group:hr",
    "$or",
    "$ne",
    "HR",
    "hr ",
    "",
    "hr\x00",
    "' OR 1=1 --",
    '{"$ne": true}',
    "*",
    "h" * 5000,
]
SALARY_QUESTION = "What is the salary of the manager?"


@pytest.mark.parametrize("group", HOSTILE)
@pytest.mark.parametrize("weight", [0.0, 1.0])
def test_what_is_restricted_comes_out_for_nobody_else(
    index: Index, group: str, weight: float
) -> None:
    found = ask(index, SALARY_QUESTION, (group, "staff"), dense_weight=weight)
    assert SALARY.id not in [passage.chunk.id for passage in found]
    assert len(found) > 0


def test_the_database_itself_filters(index: Index) -> None:
    vector = index.embedder.queries([SALARY_QUESTION])[0].tolist()
    vector_store = index._vectors
    for groups in ((), ("staff",), *((name,) for name in HOSTILE)):
        found = vector_store.search(vector, 50, groups)
        assert SALARY.id not in [chunk_id for chunk_id, _ in found]
    assert vector_store.search(vector, 1, ("hr",))[0][0] == SALARY.id


def test_the_group_itself_reads_it_among_the_rest(index: Index) -> None:
    found = ask(index, SALARY_QUESTION, ("staff", "hr"))
    assert found[0].chunk.id == SALARY.id
    assert len(found) > 1


def test_a_restricted_product_is_not_looked_up(tmp_path: Path, fake_embedder: FakeEmbedder) -> None:
    secret, *rest = (entry.chunk for entry in ENTRIES)
    index = build(tmp_path, fake_embedder, [replace(secret, groups=("buyers",)), *rest])
    for question in ("K-210", "Kettle Plain", "SKU: K-210 Name: Kettle Plain"):
        assert secret.id not in [p.chunk.id for p in ask(index, question)]
        assert ask(index, question, ("buyers",))[0].chunk.id == secret.id


@pytest.mark.parametrize("run_index", [True, False])
def test_a_rule_that_comes_later_holds(
    tmp_path: Path, fake_embedder: FakeEmbedder, run_index: bool
) -> None:
    opened = replace(SALARY, groups=())
    index = build(tmp_path, fake_embedder, [opened, *TEXTS])
    assert ask(index, SALARY_QUESTION)[0].chunk.id == SALARY.id
    index.close()
    write_jsonl(tmp_path / "chunks.jsonl", [SALARY, *TEXTS])
    if run_index:
        build(tmp_path, fake_embedder, [SALARY, *TEXTS]).close()
    later = Index(tmp_path / "index", tmp_path / "chunks.jsonl", fake_embedder)
    for weight in (0.0, 0.7, 1.0):
        found = ask(later, SALARY_QUESTION, dense_weight=weight)
        assert SALARY.id not in [passage.chunk.id for passage in found]


def test_many_restricted_chunks_do_not_crowd_out_the_open_one(
    tmp_path: Path, fake_embedder: FakeEmbedder
) -> None:
    crowd = [
        make_chunk(f"hr/{n}.md", f"The salary of the manager is {n} yen.", groups=("hr",))
        for n in range(60)
    ]
    answer = make_chunk("open.md", "The salary of the manager is published in May.")
    index = build(tmp_path, fake_embedder, [*crowd, answer])
    assert [p.chunk.source for p in ask(index, SALARY_QUESTION, candidates=5)] == ["open.md"]


def test_the_same_text_from_two_places_comes_once(
    tmp_path: Path, fake_embedder: FakeEmbedder
) -> None:
    text = "The shop opens at ten in the morning."
    twins = [make_chunk(f"{n}.md", text.replace("at ", "at" + " " * n)) for n in range(1, 4)]
    index = build(tmp_path, fake_embedder, [*twins, *TEXTS])
    found = [p.chunk.source for p in ask(index, "When does the shop open?")]
    assert len({"1.md", "2.md", "3.md"} & set(found)) == 1
    assert len(found) == len(set(found)) == 1 + len(TEXTS)


def test_a_twin_that_may_not_be_read_does_not_hide_the_open_one(
    tmp_path: Path, fake_embedder: FakeEmbedder
) -> None:
    closed = make_chunk("a.md", "The shop opens at ten.", groups=("hr",))
    opened = make_chunk("b.md", "The shop opens at ten.")
    index = build(tmp_path, fake_embedder, [closed, opened])
    assert [p.chunk.source for p in ask(index, "When does the shop open?")] == ["b.md"]


def test_passages_are_in_order_with_their_measures(index: Index) -> None:
    found = ask(index, "Until when can I return goods?")
    assert [p.score for p in found] == sorted((p.score for p in found), reverse=True)
    assert all(-1.0 <= p.similarity <= 1.0 and 0.0 <= p.overlap <= 1.0 for p in found)
    assert found[0].overlap >= 0.5


def test_many_questions_keep_their_order(index: Index) -> None:
    texts = ["K-210", "返品はいつまで？", "K-210S"]
    together = retrieve(index, [Question("", t) for t in texts], RetrievalSection(), 3)
    assert together == [ask(index, text)[:3] for text in texts]
    assert retrieve(index, [], RetrievalSection(), 3) == []


@pytest.mark.parametrize("question", ["?", "　", "🙂", "\x00", "the of and", "x" * 20000])
def test_questions_without_words_do_no_harm(index: Index, question: str) -> None:
    assert len(ask(index, question)) <= 10


def test_a_chunk_that_tells_what_is_asked_for_moves_up(tmp_path: Path) -> None:
    texts = ("A leak is reported to the desk in writing.", "A leak is reported within 2 days.")
    chunks = [make_chunk(f"{n}.md", text) for n, text in enumerate(texts)]
    index = build(tmp_path, FakeEmbedder(), chunks)
    assert ask(index, "How long until a leak is reported in writing?")[0].chunk.text == texts[1]
    assert ask(index, "Is a leak reported in writing?")[0].chunk.text == texts[0]
