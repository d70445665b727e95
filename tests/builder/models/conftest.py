"""Sums that come out the same everywhere, and a server to ask."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
import tiny
from model_fixtures import embedded_embedder, one_thread, tiny_source
from openai_server import Answering, serving

from builder.models import endpoint
from builder.models.language_model import LanguageModel

PROMPTS = ("How long?", "a", "The quick brown fox jumps over the lazy dog " * 3, "14日以内です。")

__all__ = ["embedded_embedder", "one_thread", "tiny_source"]


@pytest.fixture(autouse=True)
def steady(one_thread: None) -> None:
    """Batched and unbatched are compared here."""


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Answering], str]]:
    """Starts a server of OpenAI's protocol, and says its address; nobody waits before they ask it
    again."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(endpoint, "PAUSE_SECONDS", 0.0)
    with ExitStack() as servers:
        yield lambda answer: servers.enter_context(serving(answer))


@pytest.fixture(scope="module")
def plain() -> LanguageModel:
    """Its layers keep a token's own vector in front, and each letter leads to another: sums in
    another order, as in another batch, can't change what it says."""
    import torch

    model = tiny.make_llama()
    vectors = torch.nn.functional.normalize(model.model.embed_tokens.weight.detach().clone())
    after = torch.randperm(258, generator=torch.Generator().manual_seed(1))
    after[after == 257] = after[257].item()  # nobody ends early
    model.lm_head.weight = torch.nn.Parameter(torch.empty_like(vectors))
    model.config.tie_word_embeddings = False
    with torch.no_grad():
        model.model.embed_tokens.weight.copy_(vectors)
        model.lm_head.weight.zero_()
        model.lm_head.weight[after] = vectors
        for layer in model.model.layers:
            layer.self_attn.o_proj.weight.mul_(0.01)
            layer.mlp.down_proj.weight.mul_(0.01)
    return LanguageModel(tiny.make_tokenizer(), model)


@pytest.fixture(scope="module")
def prompts(plain: LanguageModel) -> list[list[int]]:
    return [plain.tokenizer(text)["input_ids"] for text in PROMPTS]
