"""What holds for every engine that answers several askers in common batches."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from model_fixtures import LIMIT

from builder.errors import ModelUnavailable
from builder.models.completion import Runtime
from builder.models.language_model import LanguageModel


@pytest.fixture(params=["llama", "openvino"])
def runtime(request: pytest.FixtureRequest) -> Runtime:
    found: Runtime = request.getfixturevalue(request.param)
    return found


def test_it_says_what_transformers_says(
    runtime: Runtime, plain: LanguageModel, prompts: list[list[int]]
) -> None:
    expected = plain.complete(prompts, 12)
    assert runtime.complete(prompts, 12) == expected
    assert [runtime.complete([prompt], 12)[0] for prompt in prompts] == expected
    assert len({completion.text for completion in expected}) > 1
    assert runtime.complete([], 12) == []


def test_the_stream_is_the_completion(runtime: Runtime, prompts: list[list[int]]) -> None:
    for prompt in prompts:
        pieces = list(runtime.stream(prompt, 12))
        assert len(pieces) > 1
        assert "".join(pieces).strip() == runtime.complete([prompt], 12)[0].text


def test_ten_askers_at_once_get_their_own_words(runtime: Runtime, plain: LanguageModel) -> None:
    texts = [f"{'why? ' * number}{letter}" for number, letter in enumerate("abcdefghij")]
    prompts = [plain.tokenizer(text)["input_ids"] for text in texts]
    alone = [runtime.complete([prompt], 24)[0].text for prompt in prompts]
    assert len(set(alone)) == 10
    ready = threading.Barrier(10)

    def ask(prompt: list[int]) -> str:
        ready.wait(timeout=60)
        return "".join(runtime.stream(prompt, 24)).strip()

    with ThreadPoolExecutor(10) as askers:
        assert list(askers.map(ask, prompts)) == alone


def test_a_prompt_without_room_is_refused(runtime: Runtime) -> None:
    with pytest.raises(ModelUnavailable, match="too long"):
        runtime.complete([[1] * LIMIT], 12)
