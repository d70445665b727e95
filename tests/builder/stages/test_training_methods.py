"""Every method trains, saves what it changed, and is loaded by the bot as it was trained."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from training_cases import make_pairs

from builder.bot.models import ArmModels, newest_adapter
from builder.config import Config
from builder.errors import ModelUnavailable
from builder.models.catalog import ModelSource
from builder.models.devices import compute_dtype
from builder.models.language_model import LanguageModel
from builder.models.tuned import load_tuned
from builder.stages import training
from builder.stages.context import Context
from builder.stages.training import run_train, training_curve
from builder.training.methods import METHODS, load_trainable, restore_weights, trained_weights

BotFolder = Callable[..., Context]
RATES = {"last-layers": 3e-3, "full": 3e-3}

pytestmark = pytest.mark.usefixtures("tiny_model")


@pytest.mark.parametrize("method", METHODS)
def test_a_method_learns_saves_and_is_served_as_it_was_trained(
    bot_folder: BotFolder, tiny_model: ModelSource, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained = []
    monkeypatch.setattr(
        training,
        "save_adapter",
        lambda *a: trained.append(a[1]) or _save(*a),  # the live model
    )
    rate = RATES.get(method, 1e-2)
    context = bot_folder(
        training={
            **_settings(),
            "method": method,
            "last_layers": 1,
            "learning_rate": rate,
        }
    )
    run_train(context)
    curve = training_curve(context)
    first, last = curve[0][1], min(loss for _, loss, _ in curve[-3:])
    assert last < 0.8 * first

    folder = newest_adapter(context.workspace)
    assert folder is not None
    assert not list(folder.glob("*.bin")) + list(folder.glob("*.pt"))
    served = load_tuned(tiny_model, "cpu", folder)
    ids = torch.tensor([[65, 66, 67, 256, 68]])
    with torch.no_grad():
        ours = trained[0].eval()(input_ids=ids).logits.float()
        theirs = served.eval()(input_ids=ids).logits.float()
        plain = LanguageModel.load(tiny_model, "cpu").model(input_ids=ids).logits.float()
    learned = float((plain - theirs).abs().mean())
    lost = float((ours - theirs).abs().mean())  # rounding to bf16, where the processor has it
    assert learned > 1e-2
    assert lost < (2e-4 if compute_dtype("cpu") is torch.float32 else 0.1 * learned)
    assert json.loads((folder / "method.json").read_text())["method"] == method


_save = training.save_adapter


def _settings() -> dict[str, object]:
    from training_cases import TRAINING

    return dict(TRAINING)


def test_last_layers_change_the_last_layers_alone(tiny_model: ModelSource) -> None:
    settings = Config.model_validate(
        {"training": {"method": "last-layers", "last_layers": 1}}
    ).training
    names = set(trained_weights(load_trainable(tiny_model, "cpu", settings)))
    assert names
    assert all(name.startswith(("model.layers.1.", "model.norm.")) for name in names)


def test_full_training_has_every_weight_once(tiny_model: ModelSource) -> None:
    settings = Config.model_validate({"training": {"method": "full"}}).training
    model = load_trainable(tiny_model, "cpu", settings)
    weights = trained_weights(model)
    assert sum(t.numel() for t in weights.values()) == sum(p.numel() for p in model.parameters())
    restore_weights(model, {name: torch.zeros_like(t) for name, t in weights.items()})
    assert all(not parameter.any() for parameter in model.parameters())


def test_changed_weights_of_another_model_are_refused(
    bot_folder: BotFolder, tiny_model: ModelSource
) -> None:
    context = bot_folder(training={**_settings(), "method": "full", "learning_rate": 1e-3})
    run_train(context)
    folder = context.workspace.adapters / "v1"
    weights = load_file(folder / "changed_weights.safetensors")
    name = next(iter(weights))
    from safetensors.torch import save_file

    save_file({"model.layers.9.x": weights[name].clone()}, folder / "changed_weights.safetensors")
    with pytest.raises(ModelUnavailable, match="another model"):
        load_tuned(tiny_model, "cpu", folder)


def test_an_adapter_of_another_model_is_not_used(bot_folder: BotFolder, tmp_path: Path) -> None:
    context = bot_folder(train=make_pairs(0, 14))
    run_train(context)
    ours = Config.model_validate({"model": {"name": "example/tiny-llama"}})
    assert ArmModels(context.workspace, ours, print).adapter is not None
    other = Config.model_validate({"model": {"name": str(tmp_path / "other")}})
    assert ArmModels(context.workspace, other, print).adapter is None
