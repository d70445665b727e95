"""The engines that can answer on this CPU, side by side: `python -m benchmarks.runtimes BOT [N]`.

N questions of the bot's test split (12), with the passages that are found for them, asked of the
bot's adapter by each engine in turn: one after the other, then eight at once.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.corpus import say
from builder.bot.models import newest_adapter
from builder.bot.service import Bot, open_bot
from builder.evaluation.metrics import token_f1
from builder.jsonl import read_jsonl
from builder.models.language_model import LanguageModel
from builder.models.llama_runtime import LlamaRuntime
from builder.models.runtimes import RuntimeName, open_model
from builder.records import QAPair, Question
from builder.workspace import Workspace

ENGINES: tuple[RuntimeName, ...] = ("transformers", "llama.cpp")
ASKERS = 8
TOKENS = 64


@dataclass(frozen=True, slots=True)
class Case:
    """One prompt and the answer that its pair holds."""

    prompt: list[int]
    answer: str


@dataclass(frozen=True, slots=True)
class Timed:
    """What one engine took; seconds."""

    first: float
    """To the first words, the median."""
    alone: float
    """For all answers, one after the other."""
    together: float
    """For all answers, eight at once."""
    texts: tuple[str, ...]
    tokens: int
    megabytes: float


def main(bot: str, count: str = "12") -> None:
    """Print one table."""
    opened = open_bot(Path(bot), say)
    cases = _cases(opened, Workspace(Path(bot)), int(count))
    adapter = newest_adapter(Workspace(Path(bot)))
    print(f"{len(cases)} prompts of {statistics.mean(len(c.prompt) for c in cases):.0f} tokens")
    print("| engine | first words s | tokens/s | answers/min | with 8 askers | MB | F1 | same |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    reference: tuple[str, ...] = ()
    for engine in ENGINES:
        model = open_model(opened.models.source, "cpu", adapter, engine, say)
        taken = _time(model, cases)
        model.close()
        reference = reference or taken.texts
        print(_row(engine, taken, cases, reference), flush=True)


def _cases(bot: Bot, workspace: Workspace, count: int) -> list[Case]:
    pairs = [p for p in read_jsonl(QAPair, workspace.dataset / "test.jsonl") if p.language == "en"]
    random.Random(1).shuffle(pairs)  # noqa: S311 - the same sample every time
    chosen = [pair for pair in pairs if pair.answerable][:count]
    asked = [Question(pair.id, pair.question) for pair in chosen]
    found = bot._found(asked, "tuned+rag")
    return [
        Case(bot._prompt(question, "tuned+rag", one).ids, pair.answer)
        for question, one, pair in zip(asked, found, chosen, strict=True)
    ]


def _time(model: LanguageModel | LlamaRuntime, cases: list[Case]) -> Timed:
    model.complete([cases[0].prompt[:64]], 4)  # load and warm up
    firsts, texts = [], []
    began = time.perf_counter()
    for case in cases:
        asked = time.perf_counter()
        pieces = model.stream(case.prompt, TOKENS)
        start = next(pieces, "")
        firsts.append(time.perf_counter() - asked)
        texts.append((start + "".join(pieces)).strip())
    alone = time.perf_counter() - began
    began = time.perf_counter()
    with ThreadPoolExecutor(ASKERS) as pool:
        list(pool.map(lambda case: "".join(model.stream(case.prompt, TOKENS)), cases))
    together = time.perf_counter() - began
    tokens = sum(len(ids) for ids in model.tokenizer(texts)["input_ids"])
    here = psutil.Process()
    held = sum(p.memory_info().rss for p in (here, *here.children(recursive=True))) / 1e6
    return Timed(statistics.median(firsts), alone, together, tuple(texts), tokens, held)


def _row(engine: str, taken: Timed, cases: list[Case], reference: tuple[str, ...]) -> str:
    count = len(cases)
    after_first = max(1e-9, taken.alone - count * taken.first)
    f1 = statistics.mean(
        token_f1(text, case.answer, "en") for text, case in zip(taken.texts, cases, strict=True)
    )
    same = sum(a == b for a, b in zip(taken.texts, reference, strict=True)) / count
    return (
        f"| {engine} | {taken.first:.2f} | {taken.tokens / after_first:.0f} "
        f"| {60 * count / taken.alone:.1f} | {60 * count / taken.together:.1f} "
        f"| {taken.megabytes:.0f} | {f1:.3f} | {same:.2f} |"
    )


if __name__ == "__main__":
    main(*sys.argv[1:3])
