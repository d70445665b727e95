"""evaluate --gate: the newest adapter against the one in use, on the same questions."""

from __future__ import annotations

from collections.abc import Callable

from builder.bot.models import adapters
from builder.bot.service import Bot
from builder.errors import StageMissing, UsageError
from builder.evaluation.compare import Extras, compare
from builder.evaluation.gate import Gate, gate
from builder.evaluation.records import Comparison
from builder.jsonl import to_line
from builder.records import Arm, GoldQuestion
from builder.stages.asking import Asker, Asking, clear_kept, kept_answers
from builder.stages.context import Context
from builder.workspace import fingerprint, write_text

ARM: Arm = "tuned+rag"
OpenBot = Callable[[str], Bot]
"""The bot with the adapter of this version."""


def gate_versions(context: Context, against: str | None) -> tuple[str, str | None]:
    """The newest adapter and the one to compare with: `against`, else the one that bot.toml pins,
    else the one before the newest; None where there is no other.

    Raises StageMissing without an adapter, UsageError for a version that isn't there.
    """
    there = [folder.name for folder in adapters(context.workspace)]
    if not there:
        raise StageMissing(
            "there is no adapter yet.",
            str(context.workspace.root),
            f"Run `monoshiri train {context.workspace.root}` first.",
        )
    if against is not None and (against not in there or against == there[-1]):
        others = ", ".join(there[:-1]) or "none"
        raise UsageError(
            "there is no such earlier adapter.", against, f"Earlier ones are: {others}."
        )
    pinned = context.config.model.adapter
    before = there[-2] if len(there) > 1 else None
    in_use = pinned if pinned in there[:-1] else before
    return there[-1], against or in_use


def run_gate(
    context: Context, open_bot: OpenBot, golds: list[GoldQuestion], versions: tuple[str, str]
) -> Gate:
    """Ask both adapters, and write reports/gate.json."""
    new, old = versions
    found = gate(
        (new, _asked(context, open_bot(new), golds, new)),
        (old, _asked(context, open_bot(old), golds, old)),
        ARM,
    )
    write_text(context.workspace.reports / "gate.json", to_line(found) + "\n")
    return found


def _asked(context: Context, bot: Bot, golds: list[GoldQuestion], version: str) -> Comparison:
    kept = kept_answers(context, f"gate-{version}")
    made = context.workspace.adapters / version
    mark = fingerprint(
        [to_line(gold) for gold in golds],
        context.config.model_dump(),
        context.workspace.chunks,
        *sorted(made.glob("*.safetensors")),
    )
    asker = Asker(context, bot, Asking([g.question for g in golds], kept, mark, f"{version} "))
    comparison = compare(golds, asker, [ARM], lambda _: None, Extras(alone=asker.alone))
    bot.models.unload()
    clear_kept(kept)
    return comparison
