"""The bot's adapters on disk: saved whole or not at all, and taken out of use in the open."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from builder.bot.models import ADAPTER_GROUPS, newest_adapter
from builder.export.card import AdapterCard, render
from builder.models.tuned import CHANGED_WEIGHTS, HOW
from builder.prompt import Asked, encode
from builder.stages.context import Context
from builder.stages.material import Material
from builder.training.general import Standing
from builder.training.loop import Trained
from builder.training.machine import peak_memory
from builder.training.methods import METHODS, restore_weights
from builder.training.start import LEARNED, learned_pairs, pair_hash
from builder.workspace import Workspace, file_hash

RETIRED = "retired-"
"""Before the name of an adapter that is kept but not used."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A finished training, and what it did to the model's general knowledge."""

    trained: Trained
    before: Standing
    after: Standing
    warnings: tuple[str, ...]
    seconds: float
    """All of it: loading, questions and saving too."""
    start: Path | None = None
    """The adapter that it started from."""

    def results(self, device: str) -> tuple[tuple[str, str], ...]:
        """(measure, value), for the card and the report."""
        state = self.trained.state
        quality = {p.step: p.quality for p in state.curve}.get(state.best_step)
        warning = "; ".join(self.warnings)
        return (
            *((("warning", warning),) if warning else ()),
            ("steps", f"{state.step} of {state.total_steps}"),
            ("best step", str(state.best_step)),
            ("validation loss", str(state.best_validation)),
            ("F1 of its own answers in validation", "–" if quality is None else f"{quality:.2f}"),
            ("general questions right before", f"{self.before.right} of {self.before.asked}"),
            ("general questions right after", f"{self.after.right} of {self.after.asked}"),
            ("loss on them before and after", f"{self.before.loss} and {self.after.loss}"),
            ("minutes", f"{self.seconds / 60:.1f}"),
            ("peak memory (GB)", f"{peak_memory(device) / 1e9:.2f}"),
        )


def save_adapter(context: Context, model: Any, material: Material, outcome: Outcome) -> Path:
    """The best step's weights as the next version; the folder appears whole or not at all."""
    restore_weights(model, outcome.trained.weights)
    folder = context.workspace.adapters
    number = _next_number(folder)
    fresh = folder / f".v{number}.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    _save_weights(model, fresh, material, outcome.trained.weights)
    material.tokenizer.save_pretrained(str(fresh))
    results = outcome.results(material.device)
    card = _card(context, material, outcome, results)
    how = {
        "method": material.settings.method,
        "quantized": METHODS[material.settings.method].quantized,
        "base": material.source.hub_id,
    }
    files = {
        "curve.json": [asdict(point) for point in outcome.trained.state.curve],
        LEARNED: _learned(material, outcome),
        HOW: how,
        ADAPTER_GROUPS: context.config.training.groups,
        "card.json": asdict(card),
    }
    for name, content in files.items():
        (fresh / name).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    (fresh / "README.md").write_text(render(card), encoding="utf-8")
    target = folder / f"v{number}"
    fresh.rename(target)
    return target


def _save_weights(model: Any, folder: Path, material: Material, weights: dict[str, Any]) -> None:
    if not METHODS[material.settings.method].adapter:
        from safetensors.torch import save_file

        save_file(weights, folder / CHANGED_WEIGHTS)
        return
    # The card names the base by its hub id; PEFT would write this machine's cache folder.
    model.peft_config["default"].base_model_name_or_path = material.source.hub_id
    model.save_pretrained(str(folder), save_embedding_layers=False)  # "auto" would ask the hub


def _learned(material: Material, outcome: Outcome) -> list[str]:
    """Hashes of what the adapter has learned, what it started from included."""
    before = learned_pairs(outcome.start) if outcome.start else None
    return sorted({pair_hash(pair) for pair in material.usable.pairs} | (before or frozenset()))


def _next_number(folder: Path) -> int:
    names = [path.name.removeprefix(RETIRED) for path in folder.glob("*v*")]
    return 1 + max((int(n[1:]) for n in names if n[:1] == "v" and n[1:].isdigit()), default=0)


def retire_adapters(workspace: Workspace) -> tuple[str, ...]:
    """Take every adapter out of use, the newest first; nothing is deleted. Returns their names."""
    names = []
    while newest := newest_adapter(workspace):
        newest.rename(newest.with_name(RETIRED + newest.name))
        names.append(newest.name)
    return tuple(names)


def _card(
    context: Context, material: Material, outcome: Outcome, results: tuple[tuple[str, str], ...]
) -> AdapterCard:
    """What has to be known about the adapter just trained."""
    files = [context.workspace.dataset / f"{n}.jsonl" for n in ("train", "validation")]
    open_to_all = [chunk for chunk in material.usable.learnable.chunks if not chunk.groups]
    asked = Asked("What is …?", tuple(open_to_all[:1]))
    example = encode(material.tokenizer, material.speaker.persona, asked)
    method = METHODS[material.settings.method]
    notes: list[str] = []
    if not method.adapter:
        notes.append(
            f"This is no LoRA adapter: {CHANGED_WEIGHTS} holds the weights of the base model that "
            "training changed, by their names; load the base and `load_state_dict` them."
        )
    if outcome.start:
        notes.append(f"Training went on from the adapter {outcome.start.name}.")
    return AdapterCard(
        bot_name=context.config.bot.name,
        base_model=material.source.hub_id,
        base_licence=material.source.licence,
        quantization="nf4" if method.quantized else "none",
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        languages=material.source.languages,
        data_hashes=tuple((file.name, file_hash(file)) for file in files),
        settings=tuple((k, str(v)) for k, v in material.settings.model_dump().items()),
        results=results,
        prompt_example=material.tokenizer.decode(example.ids),
        notes=tuple(notes),
    )
