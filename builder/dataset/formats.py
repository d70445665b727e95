"""Pairs in the forms that other trainers read."""

from __future__ import annotations

from typing import Any

from builder.records import QAPair


def to_chat(pair: QAPair, system: str) -> dict[str, Any]:
    """OpenAI chat form, with where the answer comes from."""
    turns = (("system", system), ("user", pair.question), ("assistant", pair.answer))
    return {
        "messages": [{"role": role, "content": content} for role, content in turns if content],
        "metadata": _source(pair),
    }


def to_alpaca(pair: QAPair) -> dict[str, Any]:
    """Alpaca form, with where the answer comes from."""
    return {
        "instruction": pair.question,
        "input": "",
        "output": pair.answer,
        "metadata": _source(pair),
    }


def _source(pair: QAPair) -> dict[str, Any]:
    return {
        "id": pair.id,
        "source": pair.source,
        "locator": pair.locator,
        "quote": pair.quote,
        "chunk_id": pair.chunk_id,
        "fact": pair.fact,
        "answerable": pair.answerable,
    }
