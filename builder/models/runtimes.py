"""Which engine answers: OpenVINO on a CPU where it can, else Transformers; llama.cpp where bot.toml
asks for it."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from builder.errors import ModelUnavailable
from builder.models.catalog import ModelSource, Say
from builder.models.completion import Runtime
from builder.models.converted import Wanted, gguf_file, openvino_folder
from builder.models.gguf_writer import reason_not_written
from builder.models.language_model import LanguageModel, load_tokenizer
from builder.models.llama_runtime import LlamaRuntime
from builder.models.openvino_runtime import OpenVinoRuntime

RuntimeName = Literal["auto", "transformers", "openvino", "llama.cpp"]
PACKAGES = {"openvino": "openvino_genai", "llama.cpp": "xllamacpp"}
"""What an engine needs beside what is always installed."""


@dataclass(frozen=True)
class _Candidate:
    """A model that an engine may read; what is small of it is loaded once."""

    source: ModelSource
    adapter: Path | None
    device: str

    @cached_property
    def tokenizer(self) -> Any:
        """The model's own tokenizer."""
        return load_tokenizer(self.source)

    @cached_property
    def configuration(self) -> Any:
        """The model's sizes, as Transformers reads them; raises ModelUnavailable."""
        from transformers import AutoConfig

        try:
            return AutoConfig.from_pretrained(self.source.location, trust_remote_code=False)
        except (OSError, ValueError) as exc:
            raise ModelUnavailable(
                "the model's configuration can't be loaded.",
                self.source.name,
                'Correct `model.name` in bot.toml, or use "embedded".',
            ) from exc


def open_model(
    source: ModelSource, device: str, adapter: Path | None, runtime: RuntimeName, say: Say
) -> Runtime:
    """The model, with its adapter, in the engine that bot.toml names.

    `auto` on a CPU is OpenVINO, which answered fastest at equal answers (`benchmarks.runtimes`),
    for the models that it reads. Raises ModelUnavailable where another engine than Transformers is
    asked for by name and can't be used.
    """
    if runtime == "transformers":
        return LanguageModel.load(source, device, adapter)
    model = _Candidate(source, adapter, device)
    if runtime == "auto":
        return _fastest(model, say)
    reason = _reason_not(runtime, model)
    if not reason:
        return _opened(runtime, model, say)
    raise ModelUnavailable(
        f"{runtime} can't be used: {reason}.",
        source.name,
        'Set `model.runtime = "auto"` in bot.toml.',
    )


def _fastest(model: _Candidate, say: Say) -> Runtime:
    if not _reason_not("openvino", model):
        try:
            return _opened("openvino", model, say)
        except ModelUnavailable as exc:
            say(f"{exc} Transformers answers in its place.")
    return LanguageModel.load(model.source, model.device, model.adapter)


def _reason_not(engine: str, model: _Candidate) -> str:
    if model.device != "cpu":
        return "it is used on CPUs only, and there is a GPU"
    if importlib.util.find_spec(PACKAGES[engine]) is None:
        return f"the package {PACKAGES[engine]} is not installed"
    end = model.tokenizer.eos_token_id
    if end is None or end >= model.configuration.vocab_size:
        return "the model's end mark is none of its tokens"
    return reason_not_written(model.configuration)


def _opened(engine: str, model: _Candidate, say: Say) -> Runtime:
    wanted = Wanted(model.source, model.configuration, model.adapter, say)
    limit = model.configuration.max_position_embeddings
    try:
        if engine == "openvino":
            return OpenVinoRuntime(model.tokenizer, openvino_folder(wanted), limit)
        return LlamaRuntime(model.tokenizer, gguf_file(wanted), limit)
    except (OSError, ImportError) as exc:
        # The bot's folder may be for reading only, or a library of the system be missing.
        raise ModelUnavailable(
            f"{engine} can't be used: {exc}.",
            model.source.name,
            'Set `model.runtime = "transformers"` in bot.toml.',
        ) from exc
