"""The engines that can answer on this CPU, side by side: `python -m benchmarks.runtimes BOT [N]`.

N questions of the bot's test split (12), with the passages that are found for them, asked of the
bot's adapter by each engine in a process of its own: one after the other, then as many others by
eight askers at once.
"""

from __future__ import annotations

import itertools
import multiprocessing
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.corpus import say
from benchmarks.engines import ctranslate, llama, onnx
from benchmarks.engines.engine import NotHereError, Tuned
from builder.bot.models import newest_adapter
from builder.bot.service import Bot, open_bot
from builder.evaluation.metrics import token_f1
from builder.export.merging import MergeJob, merge
from builder.jsonl import read_jsonl
from builder.models.completion import Runtime
from builder.models.runtimes import open_model
from builder.records import QAPair, Question
from builder.workspace import Workspace


def _transformers(tuned: Tuned) -> Runtime:
    return open_model(tuned.source, "cpu", tuned.adapter, "transformers", say)


def _llama(tuned: Tuned) -> Runtime:
    return open_model(tuned.source, "cpu", tuned.adapter, "llama.cpp", say)


def _openvino(tuned: Tuned) -> Runtime:
    return open_model(tuned.source, "cpu", tuned.adapter, "openvino", say)


ENGINES: dict[str, Callable[[Tuned], Runtime]] = {
    "transformers float32": _transformers,
    "llama.cpp int8": _llama,
    "llama.cpp Q4_1": llama.open_q4,
    "CTranslate2 float32": ctranslate.open_float32,
    "CTranslate2 int8": ctranslate.open_int8,
    "ONNX Runtime float32": onnx.open_float32,
    "ONNX Runtime int8": onnx.open_int8,
    "OpenVINO int8": _openvino,
}
ASKERS = 8
TOKENS = 64


@dataclass(frozen=True, slots=True)
class Case:
    """One prompt and the answer that its pair holds."""

    prompt: list[int]
    answer: str


@dataclass(frozen=True, slots=True)
class Cases:
    """No prompt is asked twice: an engine that keeps prompts must not have seen it."""

    warm: Case
    alone: list[Case]
    together: list[Case]

    @property
    def counted(self) -> list[Case]:
        """Those whose answers are compared."""
        return [*self.alone, *self.together]


@dataclass(frozen=True, slots=True)
class Timed:
    """What one engine took; seconds."""

    first: float
    """To the first words, the median."""
    alone: float
    """For all answers, one after the other."""
    rest: float
    """Of it, after the first words."""
    together: float
    """For all answers, eight at once."""
    texts: tuple[str, ...]
    tokens: int
    """Of the answers one after the other."""
    megabytes: float


def main(bot: str, count: str = "12", *names: str) -> None:
    """Print one table; of the engines whose names hold one of `names`, if given."""
    workspace = Workspace(Path(bot))
    adapter = newest_adapter(workspace)
    if adapter is None:
        sys.exit(f"{bot} has no adapter.")
    opened = open_bot(Path(bot), say)
    cases = _cases(opened, workspace, int(count))
    prompts = [case.prompt for case in cases.counted]
    prefix = _shared(prompts)
    mean = statistics.mean(len(prompt) for prompt in prompts)
    print(f"{len(prompts)} prompts of {mean:.0f} tokens; all begin with the same {prefix}")
    print("| engine | first words s | tokens/s | answers/min | with 8 askers | MB | F1 | same |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    reference: tuple[str, ...] = ()
    with tempfile.TemporaryDirectory() as scratch:
        tuned = _merged(opened, adapter, prefix, Path(scratch))
        for engine in (e for e in ENGINES if not names or any(name in e for name in names)):
            taken = _apart(engine, tuned, cases)
            if isinstance(taken, str):
                print(f"| {engine} | {taken} | | | | | | |", flush=True)
                continue
            reference = reference or taken.texts
            print(_row(engine, taken, cases, reference), flush=True)


def _cases(bot: Bot, workspace: Workspace, count: int) -> Cases:
    pairs = [p for p in read_jsonl(QAPair, workspace.dataset / "test.jsonl") if p.language == "en"]
    random.Random(1).shuffle(pairs)  # noqa: S311 - the same sample every time
    chosen = [pair for pair in pairs if pair.answerable][: 2 * count + 1]
    asked = [Question(pair.id, pair.question) for pair in chosen]
    found = bot._found(asked, "tuned+rag")
    warm, *cases = (
        Case(bot._prompt(question, "tuned+rag", one).ids, pair.answer)
        for question, one, pair in zip(asked, found, chosen, strict=True)
    )
    half = len(cases) // 2
    return Cases(warm, cases[:half], cases[half : 2 * half])


def _shared(prompts: list[list[int]]) -> int:
    """Tokens that all begin with."""
    columns = zip(*prompts, strict=False)
    return sum(1 for _ in itertools.takewhile(lambda tokens: len(set(tokens)) == 1, columns))


def _merged(bot: Bot, adapter: Path, prefix: int, scratch: Path) -> Tuned:
    source = bot.models.source
    (scratch / "merged").mkdir()
    merge(MergeJob(source, str(adapter), str(scratch / "merged"), False))
    return Tuned(
        source,
        adapter,
        merged=scratch / "merged",
        prefix=prefix,
        threads=psutil.cpu_count(logical=False) or 1,
        scratch=scratch,
    )


def _apart(engine: str, tuned: Tuned, cases: Cases) -> Timed | str:
    """What it took, or why it can't be measured."""
    context = multiprocessing.get_context("spawn")  # threads of one engine slow down the next
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        try:
            return pool.submit(_measured, engine, tuned, cases).result()
        except NotHereError as exc:
            return f"not measured: {str(exc).splitlines()[0][:160]}"
        except BrokenProcessPool:
            return "not measured: its process ended"


def _measured(engine: str, tuned: Tuned, cases: Cases) -> Timed:
    os.environ["HF_HUB_OFFLINE"] = "1"
    try:
        model = ENGINES[engine](tuned)
    except NotHereError:
        raise
    except Exception as exc:  # whatever its library raises belongs into the row
        raise NotHereError(f"it can't be opened: {exc}") from exc
    try:
        return _time(model, cases)
    finally:
        model.close()


def _time(model: Runtime, cases: Cases) -> Timed:
    model.complete([cases.warm.prompt], TOKENS)  # load and warm up
    firsts, texts = [], []
    began = time.perf_counter()
    for case in cases.alone:
        asked = time.perf_counter()
        pieces = model.stream(case.prompt, TOKENS)
        start = next(iter(pieces), "")
        firsts.append(time.perf_counter() - asked)
        texts.append((start + "".join(pieces)).strip())
    alone = time.perf_counter() - began
    tokens = sum(len(ids) for ids in model.tokenizer(texts)["input_ids"])
    began = time.perf_counter()
    with ThreadPoolExecutor(ASKERS) as pool:
        texts += pool.map(lambda c: "".join(model.stream(c.prompt, TOKENS)).strip(), cases.together)
    together = time.perf_counter() - began
    here = psutil.Process()
    held = sum(p.memory_info().rss for p in (here, *here.children(recursive=True))) / 1e6
    first, rest = statistics.median(firsts), alone - sum(firsts)
    return Timed(first, alone, rest, together, tuple(texts), tokens, held)


def _row(engine: str, taken: Timed, cases: Cases, reference: tuple[str, ...]) -> str:
    f1 = statistics.mean(
        token_f1(text, case.answer, "en")
        for text, case in zip(taken.texts, cases.counted, strict=True)
    )
    same = statistics.mean(a == b for a, b in zip(taken.texts, reference, strict=True))
    after_first = taken.tokens - len(cases.alone)
    return (
        f"| {engine} | {taken.first:.2f} | {after_first / max(1e-9, taken.rest):.0f} "
        f"| {60 * len(cases.alone) / taken.alone:.1f} "
        f"| {60 * len(cases.together) / taken.together:.1f} "
        f"| {taken.megabytes:.0f} | {f1:.3f} | {same:.2f} |"
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
