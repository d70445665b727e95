"""Sums that come out the same everywhere, and a server to ask."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
import tiny
from model_fixtures import LIMIT, embedded_embedder, one_thread, tiny_source
from openai_server import Answering, serving

from builder.models import converted, endpoint
from builder.models.catalog import ModelSource
from builder.models.converted import Wanted, openvino_folder
from builder.models.gguf_vocabulary import IdsOnly
from builder.models.gguf_writer import write_gguf
from builder.models.language_model import LanguageModel
from builder.models.llama_runtime import LlamaRuntime
from builder.models.openvino_runtime import OpenVinoRuntime

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


@pytest.fixture(scope="module")
def llama(plain: LanguageModel, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LlamaRuntime]:
    pytest.importorskip("xllamacpp")
    path = tmp_path_factory.mktemp("gguf") / "tiny.gguf"
    write_gguf(plain.model, IdsOnly(258, 257), path)
    made = LlamaRuntime(plain.tokenizer, path, LIMIT, threads=1)
    yield made
    made.close()


@pytest.fixture(scope="module")
def openvino(
    plain: LanguageModel, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[OpenVinoRuntime]:
    pytest.importorskip("openvino_genai")
    place = tmp_path_factory.mktemp("openvino")
    plain.model.save_pretrained(place / "plain")
    plain.tokenizer.save_pretrained(place / "plain")
    source = ModelSource("plain", str(place / "plain"), ("en",), "Apache-2.0", "example/plain")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MONOSHIRI_CACHE", str(place / "cache"))
        patch.setattr(converted.LanguageModel, "load", lambda *_: plain)  # not through 4 bits
        folder = openvino_folder(Wanted(source, plain.model.config, None, lambda _: None))
    made = OpenVinoRuntime(plain.tokenizer, folder, LIMIT, threads=1)
    yield made
    made.close()
