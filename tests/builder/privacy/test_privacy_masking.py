"""The same value, the same placeholder."""

from __future__ import annotations

from dataclasses import replace

from builder_fakes import make_chunk, make_product

from builder.config import BotSection, PrivacySection
from builder.privacy.protect import protect, summary
from builder.records import CatalogEntry, Chunk, QAPair

CHUNKS = [
    make_chunk("a.md", "担当は佐藤花子様、電話は03-1234-5678です。", title="佐藤花子様の件"),
    make_chunk("b.md", "Ask Sato: +81 3 1234 5678 or hanako@mail.example."),
    make_chunk("c.md", "佐藤花子が承認した。The shop opens at ten."),
]


def pair_of(chunk: Chunk, question: str, answer: str) -> QAPair:
    return QAPair(
        id="p", question=question, answer=answer, quote=answer, chunk_id=chunk.id,
        document_id=chunk.document_id, source=chunk.source, locator="", language="ja",
        kind="contact", generator="structure", fact="f",
    )  # fmt: skip


def masked(*chunks: Chunk, **settings: object) -> list[Chunk]:
    privacy = PrivacySection.model_validate(settings)
    return list(protect(chunks, privacy, BotSection()).chunks)


def test_a_value_has_one_placeholder_in_all_documents() -> None:
    first, second, third = masked(*CHUNKS)
    assert first.model_text == "担当は[NAME-1]様、電話は[PHONE-1]です。"
    assert first.title == "[NAME-1]様の件"
    assert second.model_text == "Ask Sato: [PHONE-1] or [EMAIL-1]."
    assert third.model_text == "[NAME-1]が承認した。The shop opens at ten."


def test_masking_twice_changes_nothing_more() -> None:
    once = masked(*CHUNKS)
    assert masked(*once) == once


def test_only_what_is_kept_stays() -> None:
    second = masked(*CHUNKS, keep=["*@mail.example"])[1]
    assert second.model_text == "Ask Sato: [PHONE-1] or hanako@mail.example."
    bot = BotSection(contact="Help desk, 03-1234-5678")
    first, second, _ = protect(CHUNKS, PrivacySection(), bot).chunks
    assert first.model_text == "担当は[NAME-1]様、電話は03-1234-5678です。"
    assert second.model_text == "Ask Sato: +81 3 1234 5678 or [EMAIL-1]."


def test_dropping_leaves_the_clean_ones_and_counts() -> None:
    clean = make_chunk("d.md", "The shop opens at ten.")
    left = protect([*CHUNKS, clean], PrivacySection(training="drop"), BotSection())
    assert clean in left.chunks
    assert CHUNKS[0] not in left.chunks
    assert left.dropped == 4 - len(left.chunks)
    assert left.counts["phone"] == 2


def test_reporting_counts_and_changes_nothing() -> None:
    seen = protect(CHUNKS, PrivacySection(training="report"), BotSection())
    assert list(seen.chunks) == CHUNKS
    assert summary(seen.counts, "told") == (
        "personal data: telephone numbers 2, names 1, e-mail addresses 1 (told)"
    )
    off = protect(CHUNKS, PrivacySection(training="off"), BotSection())
    assert list(off.chunks) == CHUNKS
    assert summary(off.counts, "told") == ""


def test_a_pair_that_somebody_wrote_is_masked_by_its_chunk_and_back() -> None:
    protected = protect(CHUNKS, PrivacySection(), BotSection())
    pair = pair_of(CHUNKS[0], "佐藤花子の電話は？", "03-1234-5678です。")
    hidden = protected.pair(pair)
    assert (hidden.question, hidden.answer) == ("[NAME-1]の電話は？", "[PHONE-1]です。")
    assert protected.pair(hidden) == hidden
    assert protected.original(hidden) == pair


def test_a_product_is_masked_as_its_chunk_is() -> None:
    product = make_product("K-1", "Kettle", Supplier="佐藤花子様", Phone="03-1234-5678")
    text = "\n".join(f"{column}: {value}" for column, value in product.cells)
    chunk = make_chunk("c.csv", text, kind="product", sku="K-1")
    protected = protect([chunk], PrivacySection(), BotSection())
    (entry,) = protected.entries([CatalogEntry(chunk, product)])
    assert dict(entry.product.cells) == {
        "SKU": "K-1", "Name": "Kettle", "Supplier": "[NAME-1]様", "Phone": "[PHONE-1]",
    }  # fmt: skip
    assert entry.chunk.model_text.endswith("Phone: [PHONE-1]")
    gone = replace(chunk, id="other")
    assert protected.entries([CatalogEntry(gone, product)]) == []
