"""A bot without models for the page's tests: three ways to answer, chosen by the question.

`install()` puts it in the place of `builder.bot.service`, which loads models.
"""

from __future__ import annotations

import json
import sys
import time
import types
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from builder.errors import ModelUnavailable
from builder.records import Answer, Arm, Chunk, Citation, Passage, Question

HOSTILE = (
    "![x](http://evil.example/a.png) <script>window.hacked=1</script> "
    '<img src="http://evil.example/b.png" onerror="window.hacked=1"> '
    "[click](javascript:window.hacked=1) [site](http://evil.example/) http://evil.example/ "
    "www.evil.example/a mailto:a@evil.example a@evil.example $\\frac{1}{2}$ $$x^2$$ :red[red] "
    ":smile: :material/home: :streamlit: :blue-background[b] <!-- c --> `code` **bold** _it_ ~~s~~ "
    "<- -> <-> -- >= <= ~= &lt;b&gt; &#33; \\*"
)
_ATTACKS = Path(__file__).parents[1] / "builder" / "bot" / "attacks.jsonl"
ATTACKS = [
    json.loads(line)["text"] for line in _ATTACKS.read_text(encoding="utf-8").split("\n") if line
]
RETURNS = (
    "第4章 返品と交換\n商品到着後14日以内であれば、未使用の商品に限り返品を受け付けます。"
    "返送料はお客様のご負担となります。ただし、初期不良の場合は当社が負担いたします。"
)
RETURNS_QUOTE = "商品到着後14日以内であれば、未使用の商品に限り返品を受け付けます。"
SHIPPING = "第3章 発送\n平日15時までのご注文は当日中に発送します。離島は追加で2〜3日かかります。"
WARRANTY = (
    "Warranty. Every DeskLamp Pro comes with a two-year warranty from the date of purchase. "
    "The warranty covers manufacturing defects and excludes damage from drops or liquids. "
    "Keep the receipt: it is needed for a claim."
)
WARRANTY_QUOTE = "Every DeskLamp Pro comes with a two-year warranty from the date of purchase."
GONE_WRONG = "model file is missing"


class Bot:
    """Answers from fixed passages; see `_final` for which question gets what."""

    name = "あおば商店 サポート"
    arms: tuple[Arm, ...] = ("tuned+rag", "rag", "base")

    def __init__(self, pause: float) -> None:
        self.pause = pause
        self.writing = False
        self.asked: list[tuple[Question, Arm | None]] = []

    def ask(self, question: Question, arm: Arm | None = None) -> Answer:
        return _final(question, arm or self.arms[0])

    def stream(self, question: Question, arm: Arm | None = None) -> Iterator[str | Answer]:
        self.asked.append((question, arm))
        if "broken" in question.text:
            raise ModelUnavailable(GONE_WRONG, HOSTILE, "Run `monoshiri doctor`.")
        if "crash" in question.text:
            raise RuntimeError("secret detail")
        final = _final(question, arm or self.arms[0])
        draft = final.model_answer or final.answer
        self.writing = True
        try:
            for start in range(0, len(draft), 6):
                time.sleep(self.pause)
                yield draft[start : start + 6]
            yield final
        finally:
            self.writing = False


def install(pause: float = 0.0) -> Bot:
    """Make `from builder.bot.service import open_bot` give this bot."""
    bot = Bot(pause)

    def open_bot(root: Path) -> Bot:  # noqa: ARG001 (the real one needs it)
        return bot

    module = types.ModuleType("builder.bot.service")
    module.__dict__.update(Bot=Bot, open_bot=open_bot)
    sys.modules["builder.bot.service"] = module
    return bot


def passage(source: str, locator: str, text: str) -> Passage:
    """A retrieved passage with this text."""
    chunk = Chunk(
        id=f"{abs(hash(text)):016x}"[:16],
        document_id="d",
        source=source,
        title=source,
        locator=locator,
        headings=(),
        language="ja",
        kind="prose",
        text=text,
        model_text=text,
        spans=((0, 0, len(text)),),
        tokens=10,
    )
    return Passage(chunk, score=1.0, similarity=0.8, overlap=0.5)


def _final(question: Question, arm: Arm) -> Answer:
    returns = passage("規程/返品ポリシー.docx", "第4章 › 返品と交換", RETURNS)
    shipping = passage("規程/配送ガイド.pdf", "3ページ", SHIPPING)
    warranty = passage("en/product_guide.md", "Warranty", WARRANTY)
    text = question.text.lower()
    if "attacks" in text:
        words = "\n".join(ATTACKS)
        cited = tuple(Citation(one, one, one) for one in ATTACKS[::12])
        found = tuple(passage(one, one, f"前 {one} 後") for one in ATTACKS)
        return replace(_answer(question, arm, words, cited, found), model_answer="attacks")
    if "hostile" in text:
        return _answer(
            question,
            arm,
            HOSTILE,
            (Citation(HOSTILE, HOSTILE, HOSTILE),),
            (passage(HOSTILE, HOSTILE, f"前 {HOSTILE} 後"), passage(HOSTILE, "x", HOSTILE)),
        )
    if "warranty" in text:
        cited = (Citation("en/product_guide.md", "Warranty", WARRANTY_QUOTE),)
        words = "The DeskLamp Pro has a two-year warranty from the date of purchase."
        return _answer(question, arm, words, cited, (warranty, shipping))
    if "返品" in text or "return" in text:
        cited = (Citation("規程/返品ポリシー.docx", "第4章 › 返品と交換", RETURNS_QUOTE),)
        words = "商品到着後14日以内で、未使用の商品であれば返品できます。"
        return _answer(question, arm, words, cited, (returns, shipping, warranty))
    return Answer(
        id=question.id,
        question=question.text,
        answer="資料には記載が見つかりませんでした。総務部（内線 201）におたずねください。",
        refused=True,
        citations=(),
        verified=True,
        arm=arm,
        seconds=0.4,
        prompt_tokens=100,
        completion_tokens=0,
        origin="refusal",
        passages=(shipping,),
    )


def _answer(
    question: Question,
    arm: Arm,
    words: str,
    citations: tuple[Citation, ...],
    passages: tuple[Passage, ...],
) -> Answer:
    return Answer(
        id=question.id,
        question=question.text,
        answer=words,
        refused=False,
        citations=citations,
        verified=True,
        arm=arm,
        seconds=2.4,
        prompt_tokens=400,
        completion_tokens=30,
        origin="model",
        model_answer=f"（下書き）{words}",
        passages=passages,
    )
