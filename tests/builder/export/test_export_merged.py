"""A merged export answers as the trained model does, or does not appear."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import tiny

from builder.errors import WorkspaceError
from builder.export.guide import modelfile
from builder.export.merging import GGUF_NAME, MergeJob, merge
from builder.export.parity import Parity, Trial, parity, require_parity
from builder.models import gguf_weights
from builder.models.catalog import ModelSource
from builder.models.nf4 import load_plain
from builder.models.tuned import load_as_trained


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> ModelSource:
    """The tiny model with a merge in its tokenizer, and an embedding with a row to spare."""
    folder = tmp_path_factory.mktemp("tiny-base")
    tiny.make_llama(vocabulary=260).save_pretrained(folder)
    tiny.make_tokenizer().save_pretrained(folder)
    file = folder / "tokenizer.json"
    inner = json.loads(file.read_text(encoding="utf-8"))
    inner["model"]["vocab"]["th"] = 256
    for number, mark in enumerate(inner["added_tokens"], 257):
        mark["id"] = number
    inner["model"]["merges"] = [["t", "h"]]
    file.write_text(json.dumps(inner), encoding="utf-8")
    return ModelSource("tiny", str(folder), ("en",), "Apache-2.0", "example/tiny-llama")


@pytest.fixture(scope="module")
def adapter(source: ModelSource, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A LoRA adapter with random weights: the model says something else with it."""
    import torch
    from peft import LoraConfig, get_peft_model

    torch.manual_seed(1)
    config = LoraConfig(r=4, lora_alpha=8, target_modules="all-linear", task_type="CAUSAL_LM")
    model = get_peft_model(load_plain(source, "cpu", exact=True), config)
    for name, weight in model.named_parameters():
        if "lora_" in name:
            torch.nn.init.normal_(weight, std=0.2)
    folder = tmp_path_factory.mktemp("adapter")
    model.save_pretrained(str(folder))
    return folder


@pytest.fixture(scope="module")
def trials() -> list[Trial]:
    tokenizer = tiny.make_tokenizer()
    texts = [(f"What is the limit of case {n}?", f"It is {n} days.") for n in range(6)]
    return [Trial(*(tuple(tokenizer(text)["input_ids"]) for text in pair)) for pair in texts]


def read_back(folder: Path) -> Any:
    return load_plain(ModelSource("t", str(folder), (), "", ""), "cpu", exact=False)


def test_the_merged_model_says_what_the_trained_one_says(
    source: ModelSource, adapter: Path, trials: list[Trial], tmp_path: Path
) -> None:
    merge(MergeJob(source, str(adapter), str(tmp_path), gguf=False))
    assert list(tmp_path.glob("*.safetensors"))
    config = json.loads((tmp_path / "config.json").read_text())
    assert str(Path(source.location)) not in json.dumps(config)
    found = parity(load_as_trained(source, adapter), read_back(tmp_path), trials)
    assert found.agreement > 0.95
    require_parity(found, "export")


def test_so_does_the_gguf_file_with_its_own_vocabulary(
    source: ModelSource, adapter: Path, trials: list[Trial], tmp_path: Path
) -> None:
    made, back = tmp_path / "made", tmp_path / "back"
    made.mkdir()
    merge(MergeJob(source, str(adapter), str(made), gguf=True))
    gguf_weights.convert(made / GGUF_NAME, back)
    found = parity(load_as_trained(source, adapter), read_back(back), trials)
    assert found.agreement > 0.9
    from transformers import AutoTokenizer

    text = "<|im_start|>user\nWie groß? 何日ですか, that one<|im_end|>\n"
    ids = AutoTokenizer.from_pretrained(back)(text)["input_ids"]
    assert 256 in ids
    assert ids == AutoTokenizer.from_pretrained(source.location)(text)["input_ids"]


def test_a_model_without_the_adapter_is_drift(
    source: ModelSource, adapter: Path, trials: list[Trial]
) -> None:
    found = parity(load_as_trained(source, adapter), load_plain(source, "cpu", exact=False), trials)
    assert not found.holds
    with pytest.raises(WorkspaceError, match="answers differently"):
        require_parity(found, "export")


def test_either_kind_of_drift_fails() -> None:
    assert Parity(10, 100, 0.97, 1.0, 1.02).holds
    assert not Parity(10, 100, 0.97, 1.0, 1.3).holds
    assert not Parity(10, 100, 0.89, 1.0, 1.0).holds


def test_merging_that_fails_says_so(source: ModelSource, tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="merging failed"):
        merge(MergeJob(source, str(tmp_path / "nothing"), str(tmp_path), gguf=False))


def test_ollama_gets_the_template_that_the_model_was_trained_with() -> None:
    assert "<|im_start|>assistant" in modelfile(tiny.CHATML)
    assert "TEMPLATE" not in modelfile(tiny.GEMMA)
