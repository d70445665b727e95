"""Questions about products are answered before anything is retrieved or generated."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from contextlib import nullcontext

import pytest
from builder_fakes import make_chunk, make_product

from builder.bot.service import Bot
from builder.knowledge.products import build
from builder.records import Answer, CatalogEntry, Question

ENTRIES = [
    CatalogEntry(make_chunk("c.csv", "sku: K-210\nname: Steel Kettle", sku="K-210"), product)
    for product in (make_product("K-210", "Steel Kettle", 2),)
]


class Readable:
    """In the place of an index whose one product only the sales staff may read."""

    def readable(self, groups: Sequence[str]) -> Container[str]:
        return {entry.chunk.id for entry in ENTRIES} if "sales" in groups else set()


@pytest.fixture
def bot(make_bot: Callable[..., Bot], monkeypatch: pytest.MonkeyPatch) -> Bot:
    made = make_bot()
    build(made.workspace.index / "products.db", ENTRIES)
    monkeypatch.setattr(made, "_current_index", lambda: nullcontext(Readable()))
    return made


def test_the_table_answers_alone_and_in_a_batch_and_streaming(bot: Bot) -> None:
    question = Question("1", "Which product is K-210?", groups=("sales",))
    answer = bot.ask(question, "rag")
    assert answer.answer == "K-210 is the Steel Kettle."
    assert (answer.origin, answer.verified, answer.refused) == ("product", True, False)
    assert answer.prompt_tokens == 0
    assert [bot_answer.answer for bot_answer in bot.ask_many([question], "rag")] == [answer.answer]
    (last,) = bot.stream(question, "rag")
    assert isinstance(last, Answer)
    assert last.answer == answer.answer
    assert last.citations == answer.citations


def test_only_who_may_read_the_row_gets_its_answer(bot: Bot) -> None:
    question = Question("1", "Which product is K-210?")
    assert bot._from_products(question, "rag") is None


def test_arms_without_passages_do_not_look_into_the_table(bot: Bot) -> None:
    question = Question("1", "Which product is K-210?", groups=("sales",))
    assert bot._from_products(question, "base") is None
