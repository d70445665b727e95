"""Training examples: real retrieved passages, several questions about each set of them.

As in RAFT (arXiv 2403.10131) an example holds the passage that answers and others that do not. All
questions whose passage is in the set share it, so that the set is read once for many answers.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from builder.records import Chunk, Message, QAPair

Retrieve = Callable[[QAPair], Sequence[Chunk]]


@dataclass(frozen=True, slots=True)
class Item:
    """A question, its answer, and the number (from 1) of the passage that holds it, if any."""

    question: str
    answer: str
    passage: int | None
    history: tuple[Message, ...] = ()
    """The conversation before a follow-up."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """Questions that share one set of passages; no passages: the closed book."""

    passages: tuple[Chunk, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Mix:
    """How examples are put together."""

    passages: int
    questions: int
    """Most questions of one bundle."""
    closed_book_share: float
    seed: int


def make_bundles(
    pairs: Sequence[QAPair], chunks: Mapping[str, Chunk], retrieve: Retrieve, mix: Mix
) -> list[Bundle]:
    """Bundles in which every pair stands once with passages, and a share of them closed-book too.

    Deterministic for the same arguments.
    """
    rng = random.Random(mix.seed)  # noqa: S311 (shuffling, not secrets)
    waiting: dict[str, list[QAPair]] = defaultdict(list)
    for pair in sorted(pairs, key=lambda p: p.id):
        if not pair.further:  # a question about two passages brings its own
            waiting[pair.chunk_id].append(pair)
    for group in waiting.values():
        rng.shuffle(group)
    order = sorted(pairs, key=lambda p: p.id)
    rng.shuffle(order)
    used: set[str] = set()
    bundles: list[Bundle] = []
    for pair in order:
        if pair.id not in used:
            passages = _passages(pair, chunks, retrieve, mix.passages, rng)
            chosen = _questions(pair, passages, waiting, used, mix.questions)
            used.update(p.id for p in chosen)
            bundles.append(Bundle(passages, tuple(_item(p, passages) for p in chosen)))
    bundles.extend(_closed_book(order, mix, rng))
    rng.shuffle(bundles)
    return bundles


def _passages(
    pair: QAPair,
    chunks: Mapping[str, Chunk],
    retrieve: Retrieve,
    count: int,
    rng: random.Random,
) -> tuple[Chunk, ...]:
    ids = [pair.chunk_id, *(evidence.chunk_id for evidence in pair.further)]
    found = [chunk for chunk in retrieve(pair) if chunk.id not in ids]
    if not pair.answerable:
        return tuple(found[:count])
    own = [chunks[i] for i in ids if i in chunks]
    passages = [*own, *found[: max(0, count - len(own))]]
    rng.shuffle(passages)
    return tuple(passages)


def _questions(
    first: QAPair,
    passages: tuple[Chunk, ...],
    waiting: Mapping[str, list[QAPair]],
    used: set[str],
    most: int,
) -> list[QAPair]:
    """`first` and, in turn from each passage, further pairs that its passages answer."""
    chosen = [first]
    queues = [
        [p for p in waiting.get(chunk.id, []) if p.answerable and p.id not in used and p != first]
        for chunk in passages
    ]
    while any(queues) and len(chosen) < most:
        for queue in queues:
            if queue and len(chosen) < most:
                chosen.append(queue.pop())
    return chosen


def _item(pair: QAPair, passages: tuple[Chunk, ...]) -> Item:
    numbers = {chunk.id: number for number, chunk in enumerate(passages, 1)}
    if not pair.answerable:
        return Item(pair.question, pair.answer, None, pair.history)
    # The last mark is written by the prompt function; those of further passages stand before it.
    more = [numbers[e.chunk_id] for e in pair.further if e.chunk_id in numbers]
    marks = "".join(f" [{number}]" for number in [numbers[pair.chunk_id], *more][:-1])
    last = [numbers[pair.chunk_id], *more][-1]
    return Item(pair.question, pair.answer + marks, last, pair.history)


def _closed_book(order: Sequence[QAPair], mix: Mix, rng: random.Random) -> list[Bundle]:
    answerable = [pair for pair in order if pair.answerable]
    count = round(len(answerable) * mix.closed_book_share)
    chosen = rng.sample(answerable, count)
    size = mix.questions
    return [
        Bundle((), tuple(Item(p.question, p.answer, None, p.history) for p in chosen[i : i + size]))
        for i in range(0, len(chosen), size)
    ]
