"""Pairs in the forms that other trainers read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from builder.records import Message, QAPair

_SPEAKERS = {"system": "system", "user": "human", "assistant": "gpt"}


def turns(pair: QAPair, system: str) -> list[Message]:
    """The whole conversation of a pair, the system's words first."""
    said = (
        Message("system", system),
        *pair.history,
        Message("user", pair.question),
        Message("assistant", pair.answer),
    )
    return [turn for turn in said if turn.content]


def to_chat(pair: QAPair, system: str) -> dict[str, Any]:
    """OpenAI's chat form."""
    messages = [{"role": t.role, "content": t.content} for t in turns(pair, system)]
    return {"messages": messages}


def to_alpaca(pair: QAPair, _system: str = "") -> dict[str, Any]:
    """Alpaca's form; a conversation before the question goes into `input`."""
    before = "\n".join(f"{turn.role}: {turn.content}" for turn in pair.history)
    return {"instruction": pair.question, "input": before, "output": pair.answer}


def to_sharegpt(pair: QAPair, system: str) -> dict[str, Any]:
    """ShareGPT's form."""
    return {
        "conversations": [
            {"from": _SPEAKERS[t.role], "value": t.content} for t in turns(pair, system)
        ]
    }


ToRecord = Callable[[QAPair, str], Mapping[str, Any]]
FORMATS: dict[str, ToRecord] = {"chat": to_chat, "alpaca": to_alpaca, "sharegpt": to_sharegpt}
"""Form → how a pair becomes its record, given the system's words. Parquet holds the chat form."""


def record_of(pair: QAPair, form: str, system: str) -> dict[str, Any]:
    """The pair's record, with where the answer comes from: a removed document can be taken out
    later. Other keys stay behind: strict readers refuse what they don't know."""
    record = FORMATS[form](pair, system)
    return {**record, "source": pair.source, "locator": pair.locator}
