"""Continuations come back in order, the same in a batch as alone, whole or in pieces."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import tiny
import torch

from builder.errors import ModelUnavailable
from builder.models import language_model
from builder.models.catalog import ModelSource
from builder.models.language_model import LanguageModel, load_tokenizer

PROMPTS = [
    "How long?",
    "a",
    "The quick brown fox jumps over the lazy dog " * 3,
    "14日以内です。",
    "b",
]


@pytest.fixture(scope="module")
def model(tiny_source: ModelSource) -> LanguageModel:
    return LanguageModel(load_tokenizer(tiny_source), tiny.make_llama())


@pytest.fixture(scope="module")
def prompts(model: LanguageModel) -> list[list[int]]:
    return [model.tokenizer(text)["input_ids"] for text in PROMPTS]


def test_a_batch_says_what_each_prompt_gets_alone(
    model: LanguageModel, prompts: list[list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    together = model.complete(prompts, 12)
    assert together == [model.complete([prompt], 12)[0] for prompt in prompts]
    assert len({completion.text for completion in together}) > 1
    monkeypatch.setattr(language_model, "BATCH_TOKENS", 150)
    assert model.complete(prompts, 12) == together
    assert model.complete([], 12) == []


def test_batches_are_bounded_by_tokens_and_lose_nobody() -> None:
    prompts = [[0] * length for length in (10, 50, 10, 200, 30)]
    order = sorted(range(5), key=lambda i: len(prompts[i]))
    old = language_model.BATCH_TOKENS
    try:
        language_model.BATCH_TOKENS = 100
        batches = list(language_model._batches(order, prompts))
    finally:
        language_model.BATCH_TOKENS = old
    assert [i for batch in batches for i in batch] == order
    for batch in batches:
        width = max(len(prompts[i]) for i in batch)
        assert width * len(batch) <= 100 or len(batch) == 1


def test_the_stream_is_the_completion_in_pieces(
    model: LanguageModel, prompts: list[list[int]]
) -> None:
    for prompt in prompts[:3]:
        pieces = list(model.stream(prompt, 12))
        assert "".join(pieces).strip() == model.complete([prompt], 12)[0].text
        assert len(pieces) > 1


def test_a_reader_who_leaves_stops_the_work(
    model: LanguageModel, prompts: list[list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    passes = 0
    forward = model.model.forward

    def counted(*arguments: Any, **keywords: Any) -> Any:
        nonlocal passes
        passes += 1
        return forward(*arguments, **keywords)

    monkeypatch.setattr(model.model, "forward", counted)
    stream = model.stream(prompts[0], 3000)
    next(stream)
    stream.close()
    assert passes < 1500
    assert model.complete([prompts[1]], 3)  # and the model is free again


def test_a_generation_that_fails_fails_for_its_reader(
    model: LanguageModel, prompts: list[list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_: Any) -> Any:
        raise RuntimeError("out of memory")

    with monkeypatch.context() as patch:
        patch.setattr(model.model, "generate", broken)
        with pytest.raises(RuntimeError, match="out of memory"):
            list(model.stream(prompts[0], 5))
    assert model.complete([prompts[1]], 3)


def test_the_end_mark_is_counted_and_not_shown(model: LanguageModel) -> None:
    end = model.tokenizer.eos_token_id
    ids = [*model.tokenizer(" Three days. [2]\n")["input_ids"], end]
    ended = model._completion([*ids, end, end])  # shorter than its batch: padded by the end mark
    assert (ended.text, ended.tokens) == ("Three days. [2]", len(ids))
    cut = model._completion(ids[:-1])
    assert cut.tokens == len(ids) - 1


def test_a_tokenizer_without_a_padding_token_pads_with_the_end(tmp_path: Path) -> None:
    made = tiny.make_tokenizer()
    made.pad_token = None
    made.save_pretrained(tmp_path)
    loaded = load_tokenizer(ModelSource("bare", str(tmp_path), (), "", ""))
    assert loaded.pad_token_id == loaded.eos_token_id


def test_a_base_model_without_a_chat_template_is_refused(tmp_path: Path) -> None:
    made = tiny.make_tokenizer()
    made.chat_template = None
    made.save_pretrained(tmp_path)
    with pytest.raises(ModelUnavailable, match="chat template"):
        load_tokenizer(ModelSource("bare", str(tmp_path), (), "", ""))


@pytest.mark.parametrize("name", ["/no/such/model", "not a model!"])
def test_a_model_that_is_not_there_is_named(name: str) -> None:
    nowhere = ModelSource(name, name, (), "", "")
    with pytest.raises(ModelUnavailable, match=r"model\.name") as failure:
        load_tokenizer(nowhere)
    assert failure.value.item == name
    with pytest.raises(ModelUnavailable):
        LanguageModel.load(nowhere, "cpu")


def test_pickled_weights_are_not_loaded(tmp_path: Path) -> None:
    """Unpickling runs what the file says."""
    tiny.save_tiny(tmp_path)
    (tmp_path / "model.safetensors").unlink()
    torch.save(tiny.make_llama().state_dict(), tmp_path / "pytorch_model.bin")
    with pytest.raises(ModelUnavailable, match="safetensors"):
        LanguageModel.load(ModelSource("pickled", str(tmp_path), (), "", ""), "cpu")
