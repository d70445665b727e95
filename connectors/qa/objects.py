"""Questions and answers in JSON: Alpaca, ShareGPT, OpenAI messages, plain pairs, help-desk tickets.

Recognised by the keys of the objects. Fewer than half of the objects of a kind: not such a file.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from connectors.qa.conversations import from_conversation
from connectors.qa.pairs import Pair, Pairs, as_text
from connectors.qa.sheet import columns_of_pairs
from connectors.qa.tickets import from_ticket

Found = tuple[Pair | None, str]
"""The pair, and what was left out of it; no pair where the object has no answer."""

_SAMPLE = 200  # objects that tell what a file is


def read_pairs(objects: Sequence[dict[str, Any]]) -> Pairs | None:
    """The questions and answers of a file's objects; None where they are something else."""
    sample = objects[:_SAMPLE]
    for what, take in KINDS:
        taken = sum(take(entry) is not None for entry in sample)
        if taken * 2 <= len(sample):
            continue
        return _pairs(objects, what, take)
    return None


def _pairs(
    objects: Sequence[dict[str, Any]],
    what: str,
    take: Callable[[dict[str, Any]], Found | None],
) -> Pairs | None:
    pairs: list[Pair] = []
    left: dict[str, int] = {}
    for entry in objects:
        pair, missing = take(entry) or (None, "object of another kind")
        if pair is not None:
            pairs.append(pair)
        elif not missing:
            missing = "object without a question or an answer"
        if missing:
            left[missing] = left.get(missing, 0) + 1
    if not pairs:
        return None
    return as_text(pairs, what, [f"{count} × {missing}" for missing, count in left.items()])


def _alpaca(entry: dict[str, Any]) -> Found | None:
    if not {"instruction", "output"} <= entry.keys():
        return None
    given = _text(entry.get("input"))
    question = "\n".join(filter(None, (_text(entry["instruction"]), given)))
    return _pair(question, _text(entry["output"])), ""


def _plain(entry: dict[str, Any]) -> Found | None:
    """`question`/`answer` under any of the names that sheets have, other values beside them."""
    names = [name for name, value in entry.items() if isinstance(value, str | int | float)]
    columns = columns_of_pairs(names)
    if not columns:
        return None
    question, answer = names[columns["question"]], names[columns["answer"]]
    rest = tuple(
        (name, _text(entry[name])) for name in names if name not in (question, answer, "id")
    )
    pair = _pair(_text(entry[question]), _text(entry[answer]))
    if pair is None:
        return None, ""
    return Pair(pair.question, pair.answer, tuple((name, text) for name, text in rest if text)), ""


def _pair(question: str, answer: str) -> Pair | None:
    return Pair(question, answer) if question and answer else None


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


KINDS: tuple[tuple[str, Callable[[dict[str, Any]], Found | None]], ...] = (
    ("conversations", from_conversation),
    ("Alpaca", _alpaca),
    ("tickets", from_ticket),
    ("questions and answers", _plain),
)
"""What a file may be, and what takes one object of it: None where the object is none."""
