"""The beginning that prompts share is computed once, and changes no token of any answer."""

from __future__ import annotations

import functools
from typing import Any

import pytest
import tiny
import torch

from builder.models import prefixes
from builder.models.catalog import ModelSource
from builder.models.language_model import LanguageModel, load_tokenizer
from builder.models.prefixes import Prefixes

START = list(range(65, 105))
ENDS = [[1, 2, 3], [7] * 30, [9, 8], list(range(100, 160))]
PROMPTS = [[*START, *end] for end in ENDS]


class Counted:
    """A model that tells how many tokens it was given."""

    def __init__(self) -> None:
        self.model = tiny.make_llama()
        self.given: list[int] = []
        forward = self.model.forward

        @functools.wraps(forward)  # its signature tells Transformers what it takes
        def counted(*arguments: Any, **keywords: Any) -> Any:
            self.given.append(keywords["input_ids"].shape[1])
            return forward(*arguments, **keywords)

        self.model.forward = counted


def plain(prompt: list[int], tokens: int) -> list[int]:
    """What Transformers says without any of this."""
    ids = torch.tensor([prompt])
    said = tiny.make_llama().generate(
        input_ids=ids,
        attention_mask=torch.ones_like(ids),
        max_new_tokens=tokens,
        do_sample=False,
    )
    out: list[int] = said[0][len(prompt) :].tolist()
    return out


@pytest.fixture
def counted() -> Counted:
    return Counted()


@pytest.fixture
def model(tiny_source: ModelSource, counted: Counted) -> LanguageModel:
    return LanguageModel(load_tokenizer(tiny_source), counted.model)


def texts(model: LanguageModel, prompts: list[list[int]]) -> list[str]:
    """What each prompt gets without a kept beginning."""
    said = [plain(prompt, 12) for prompt in prompts]
    return [model.tokenizer.decode(ids, skip_special_tokens=True).strip() for ids in said]


def test_one_after_the_other_the_beginning_is_given_once(
    model: LanguageModel, counted: Counted
) -> None:
    said = [model.complete([prompt], 12)[0].text for prompt in PROMPTS]
    assert said == texts(model, PROMPTS)
    whole, begun, *_ = [n for n in counted.given if n > 1]
    assert (whole, begun) == (len(PROMPTS[0]), len(START))
    longer = [n for n in counted.given if n > 1][2:]
    assert longer == [len(prompt) - len(START) for prompt in PROMPTS[1:]]


def test_a_batch_computes_it_once_for_all(model: LanguageModel, counted: Counted) -> None:
    said = [completion.text for completion in model.complete(PROMPTS, 12)]
    assert said == texts(model, PROMPTS)
    assert [n for n in counted.given if n > 1] == [len(START), max(map(len, ENDS))]


def test_streams_use_it_too(model: LanguageModel, counted: Counted) -> None:
    said = ["".join(model.stream(prompt, 12)).strip() for prompt in PROMPTS]
    assert said == texts(model, PROMPTS)
    assert len(PROMPTS[2]) not in counted.given
    again = ["".join(model.stream(prompt, 12)).strip() for prompt in reversed(PROMPTS)]
    assert again == said[::-1]  # an answer leaves the kept beginning as it was


def test_the_same_prompt_again_leaves_one_token_to_compute(model: LanguageModel) -> None:
    said = [model.complete([PROMPTS[0]], 12)[0].text for _ in range(3)]
    assert said == texts(model, [PROMPTS[0]]) * 3


def test_prompts_without_a_common_beginning_are_computed_whole(
    model: LanguageModel, counted: Counted
) -> None:
    others = [[n, *PROMPTS[0]] for n in (3, 4, 5)]
    assert [model.complete([p], 12)[0].text for p in others] == texts(model, others)
    assert [n for n in counted.given if n > 1] == [len(others[0])] * 3


def test_few_and_bounded_beginnings_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prefixes, "LONGEST", 20)
    kept = Prefixes(tiny.make_llama())
    for first in (1, 2, 3):
        both = [[first, *prompt] for prompt in PROMPTS[:2]]
        assert kept.beginning(both).ids == tuple(both[0][:20])
    assert len(kept._kept) == prefixes.KEPT
    assert kept.beginning([PROMPTS[0]]).ids == ()


def test_a_model_with_a_sliding_window_keeps_none() -> None:
    from transformers import MistralConfig, MistralForCausalLM

    config = tiny.make_llama().config.to_dict()
    config = {key: config[key] for key in config if key not in ("model_type", "architectures")}
    model = MistralForCausalLM(MistralConfig(**config, sliding_window=64)).eval()
    begun = Prefixes(model).beginning(PROMPTS[:2])
    assert (begun.ids, begun.copied(2)) == ((), None)
    model = MistralForCausalLM(MistralConfig(**config, sliding_window=None)).eval()
    assert Prefixes(model).beginning(PROMPTS[:2]).ids == tuple(START)


def test_a_model_that_takes_no_positions_keeps_none(counted: Counted) -> None:
    forward = counted.model.forward

    def untold(*arguments: Any, **keywords: Any) -> Any:
        return forward(*arguments, **keywords)

    counted.model.forward = untold
    kept = Prefixes(counted.model)
    assert [kept.beginning(PROMPTS[:2]).ids for _ in range(3)] == [()] * 3
    assert len(counted.given) == 1  # not tried again
