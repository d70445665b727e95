"""The train stage: from pairs to an adapter that anybody can load, once for each dataset."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from tiny import make_chunk
from training_cases import make_pairs

from builder.bot.models import newest_adapter
from builder.errors import StageMissing
from builder.models import nf4
from builder.models.catalog import ModelSource
from builder.models.language_model import LanguageModel, load_tokenizer
from builder.prompt import Asked, Persona, encode
from builder.stages.context import Context
from builder.stages.training import run_train, training_curve

BotFolder = Callable[..., Context]


pytestmark = pytest.mark.usefixtures("tiny_model")


@pytest.fixture(autouse=True)
def no_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    """PEFT looks the base up on the hub, unless it is told not to."""

    def called(*_: Any) -> None:
        pytest.fail("the hub was asked")

    monkeypatch.setattr("peft.utils.save_and_load.check_file_exists_on_hf_hub", called)


def prompts_of(context: Context, source: ModelSource) -> list[list[int]]:
    tokenizer = load_tokenizer(source)
    persona = Persona(context.config.bot.name, context.config.bot.purpose)
    chunks = (make_chunk("c3", "Rule 3: the limit of case 3 is 3 days."),)
    questions = ("Limit 3?", "Limit 4?", "Who?")
    return [encode(tokenizer, persona, Asked(text, chunks)).ids for text in questions]


def test_pairs_become_an_adapter_and_the_account_adds_up(bot_folder: BotFolder) -> None:
    context = bot_folder(train=[*make_pairs(0, 18), *make_pairs(50, 2, language="ja")])
    result = run_train(context)
    report = result.report
    assert (report.taken, report.made) == (20, 18)
    assert report.rejected == (("language that the model does not write", 2),)
    adapter = newest_adapter(context.workspace)
    assert adapter is not None
    assert adapter.name == "v1"
    assert "adapter v1" in report.notes
    assert not (context.workspace.adapters / ".run" / "checkpoint").exists()

    names = {path.name for path in adapter.iterdir()}
    assert {"adapter_model.safetensors", "adapter_config.json", "README.md"} <= names
    assert {"tokenizer.json", "chat_template.jinja", "card.json", "curve.json"} <= names
    assert not {name for name in names if name.endswith((".bin", ".pt", ".pkl"))}
    curve = training_curve(context)
    assert [step for step, _, _ in curve] == list(range(1, len(curve) + 1))
    assert curve[-1][2] is not None
    assert curve[-1][1] < curve[0][1]


def test_the_adapter_names_its_base_by_the_hub_and_no_path_of_this_machine(
    bot_folder: BotFolder, tiny_model: ModelSource
) -> None:
    context = bot_folder()
    run_train(context)
    adapter = context.workspace.adapters / "v1"
    config = json.loads((adapter / "adapter_config.json").read_text())
    assert config["base_model_name_or_path"] == "example/tiny-llama"
    for path in adapter.iterdir():
        if path.suffix in (".json", ".md", ".jinja"):
            assert tiny_model.location not in path.read_text(), path.name
    assert "example/tiny-llama" in (adapter / "README.md").read_text()


def test_the_same_data_are_not_trained_twice_and_other_data_make_a_new_version(
    bot_folder: BotFolder,
) -> None:
    run_train(bot_folder())
    again = run_train(bot_folder())
    assert again.unchanged
    changed = bot_folder(train=make_pairs(0, 20))
    assert not run_train(changed).unchanged
    versions = sorted(path.name for path in changed.workspace.adapters.glob("v*"))
    assert versions == ["v1", "v2"]
    faster = bot_folder(train=make_pairs(0, 20), training={"epochs": 1.0})
    assert not run_train(faster).unchanged


def test_a_stopped_run_is_gone_on_with_and_ends_the_same(
    bot_folder: BotFolder, tmp_path: Path
) -> None:
    from safetensors.torch import load_file

    whole = bot_folder(root=tmp_path / "whole")
    run_train(whole)
    cut = bot_folder(root=tmp_path / "cut")
    cut.voice.interrupt_at = 2  # type: ignore[attr-defined]
    with pytest.raises(KeyboardInterrupt):
        run_train(cut)
    assert newest_adapter(cut.workspace) is None
    assert cut.workspace.manifest("train") is None

    again = bot_folder(root=tmp_path / "cut")
    run_train(again)
    assert again.voice.shown[0].startswith("step 3 of")  # type: ignore[attr-defined]
    weights = [
        load_file(context.workspace.adapters / "v1" / "adapter_model.safetensors")
        for context in (whole, again)
    ]
    assert weights[0].keys() == weights[1].keys()
    for name, tensor in weights[0].items():
        assert torch.allclose(tensor, weights[1][name], atol=1e-6), name


def test_merged_for_serving_the_adapter_says_what_it_says_unmerged(
    bot_folder: BotFolder, tiny_model: ModelSource
) -> None:
    from peft import PeftModel

    context = bot_folder()
    run_train(context)
    adapter = context.workspace.adapters / "v1"
    prompts = prompts_of(context, tiny_model)
    tokenizer = load_tokenizer(tiny_model)
    base = nf4.load_unpacked(tiny_model, "cpu")
    plain = LanguageModel(tokenizer, base).complete(prompts, 16)
    unmerged = LanguageModel(
        tokenizer, PeftModel.from_pretrained(base, str(adapter)).eval()
    ).complete(prompts, 16)
    merged = LanguageModel.load(tiny_model, "cpu", adapter)
    assert merged.complete(prompts, 16) == unmerged
    assert unmerged != plain  # it learned something
    assert not any("lora" in name for name, _ in merged.model.named_modules())


def test_plain_peft_loads_the_adapter_in_another_process_and_it_says_the_same(
    bot_folder: BotFolder, tiny_model: ModelSource
) -> None:
    context = bot_folder()
    run_train(context)
    adapter = context.workspace.adapters / "v1"
    prompt = prompts_of(context, tiny_model)[0]
    tokenizer = load_tokenizer(tiny_model)
    script = Path(__file__).parent / "load_adapter.py"
    command = [sys.executable, str(script), tiny_model.location, str(adapter)]
    done = subprocess.run(
        [*command, tokenizer.decode(prompt)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    ids = json.loads(done.stdout.splitlines()[-1])
    served = LanguageModel.load(tiny_model, "cpu", adapter)
    assert served._completion(ids) == served.complete([prompt], 16)[0]


def test_the_card_shows_nothing_that_only_some_may_read(bot_folder: BotFolder) -> None:
    """The adapter goes to its whole audience, and its card with it."""
    secret = replace(make_chunk("s", "The salary of the director is 9 yen."), groups=("board",))
    open_chunks = [make_chunk(f"c{n}", f"Rule {n} is {n} days.") for n in range(6)]
    context = bot_folder(chunks=[secret, *open_chunks])
    run_train(context)
    for path in (context.workspace.adapters / "v1").iterdir():
        assert b"salary" not in path.read_bytes(), path.name
    assert "Rule 0" in (context.workspace.adapters / "v1" / "card.json").read_text()


@pytest.mark.parametrize(
    ("train", "reason", "said"),
    [
        (make_pairs(0, 20, language="ja"), "language that the model does not write", "model.name"),
        (make_pairs(0, 5), "too few to learn from", "5 of 5 training pairs"),
    ],
)
def test_too_little_to_learn_from_makes_no_adapter_and_says_why(
    bot_folder: BotFolder, train: Any, reason: str, said: str
) -> None:
    context = bot_folder(train=train)
    report = run_train(context).report
    assert (report.taken, report.made) == (len(train), 0)
    assert report.rejected == ((reason, len(train)),)
    assert said in report.notes[0]
    assert newest_adapter(context.workspace) is None
    assert run_train(context).unchanged


def test_no_pairs_at_all_is_an_error_that_says_what_to_add(bot_folder: BotFolder) -> None:
    with pytest.raises(StageMissing, match="no training pairs"):
        run_train(bot_folder(train=[]))


def test_an_adapter_half_written_is_not_used(bot_folder: BotFolder) -> None:
    adapters = bot_folder().workspace.adapters
    for name in ("v1", "v2", "v10", ".v11.new", "vx"):
        (adapters / name).mkdir(parents=True)
    assert newest_adapter(bot_folder().workspace) is None
    for name in ("v1", "v2", "v10", ".v11.new", "vx"):
        (adapters / name / "adapter_model.safetensors").touch()
    found = newest_adapter(bot_folder().workspace)
    assert found is not None
    assert found.name == "v10"
