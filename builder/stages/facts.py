"""What the report tells of the adapter: how it was trained, and what came of it."""

from __future__ import annotations

import json

from builder.bot.models import chosen_adapter
from builder.export.card import AdapterCard
from builder.jsonl import from_object
from builder.stages.context import Context


def training_facts(context: Context) -> dict[str, str]:
    """The card of the adapter in use, as label → value: its results, then its settings; empty
    without an adapter."""
    adapter = chosen_adapter(context.workspace, context.config.model.adapter)
    if adapter is None or not (adapter / "card.json").exists():
        return {}
    card = from_object(AdapterCard, json.loads((adapter / "card.json").read_text("utf-8")))
    return {"adapter": adapter.name, **dict(card.results), **dict(card.settings)}
