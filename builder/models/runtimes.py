"""Which engine answers: Transformers, or llama.cpp on a CPU where bot.toml asks for it.

For llama.cpp the weights are written once as GGUF: the same numbers that Transformers would compute
with (through NF4 and back, the adapter merged into them), rounded to 8 bits in blocks of 32. The
file of the base model lies in the user's cache, the tuned one beside its adapter; their names hold
a hash of what they were made from.
"""

from __future__ import annotations

import hashlib
import importlib.util
from contextlib import closing
from pathlib import Path
from typing import Any, Literal

from builder.errors import ModelUnavailable
from builder.models import gguf_writer
from builder.models.carriers import cache_folder
from builder.models.catalog import ModelSource, Say
from builder.models.gguf_vocabulary import IdsOnly
from builder.models.language_model import LanguageModel, load_tokenizer
from builder.models.llama_runtime import LlamaRuntime
from builder.models.tuned import ADAPTER_CONFIG, ADAPTER_WEIGHTS, CHANGED_WEIGHTS, HOW
from connectors.scratch import Scratch

RuntimeName = Literal["auto", "transformers", "llama.cpp"]
MADE_FROM = (ADAPTER_CONFIG, ADAPTER_WEIGHTS, CHANGED_WEIGHTS, HOW)
"""What a tuned model's folder says of its numbers."""
FORM = "1"
"""Part of the hash: raise it when the file is written in another way."""


def open_model(
    source: ModelSource, device: str, adapter: Path | None, runtime: RuntimeName, say: Say
) -> LanguageModel | LlamaRuntime:
    """The model, with its adapter, in the engine that bot.toml names.

    Raises ModelUnavailable where llama.cpp is asked for and can't be used.
    """
    # llama.cpp's wheels write faster and read prompts slower than PyTorch with AVX-512, and here
    # prompts are long and answers short: `auto` stays with Transformers.
    if runtime != "llama.cpp":
        return LanguageModel.load(source, device, adapter)
    reason = _reason_not_llama(source, device)
    if reason:
        raise ModelUnavailable(
            f"llama.cpp can't be used: {reason}.",
            source.name,
            'Set `model.runtime = "auto"` in bot.toml.',
        )
    return _llama(source, adapter, say)


def _reason_not_llama(source: ModelSource, device: str) -> str:
    if device != "cpu":
        return "it is used on CPUs only, and there is a GPU"
    if importlib.util.find_spec("xllamacpp") is None:
        return "the package xllamacpp is not installed"
    return gguf_writer.reason_not_written(_configuration(source))


def _configuration(source: ModelSource) -> Any:
    from transformers import AutoConfig

    try:
        return AutoConfig.from_pretrained(source.location, trust_remote_code=False)
    except (OSError, ValueError) as exc:
        raise ModelUnavailable(
            "the model's configuration can't be loaded.",
            source.name,
            'Correct `model.name` in bot.toml, or use "embedded".',
        ) from exc


def _llama(source: ModelSource, adapter: Path | None, say: Say) -> LlamaRuntime:
    tokenizer = load_tokenizer(source)
    config = _configuration(source)
    path = converted(source, config, adapter, say)
    return LlamaRuntime(tokenizer, path, config.max_position_embeddings)


def converted(source: ModelSource, config: Any, adapter: Path | None, say: Say) -> Path:
    """The GGUF file of the model with its adapter, written where it isn't there yet."""
    folder = adapter if adapter else cache_folder() / "llama"
    target = folder / f"merged-{_hash(source, config, adapter)}.gguf"
    if target.exists():
        return target
    folder.mkdir(parents=True, exist_ok=True)
    say("First use: preparing the model for llama.cpp …")
    model = LanguageModel.load(source, "cpu", adapter)
    vocabulary = IdsOnly(config.vocab_size, model.tokenizer.eos_token_id)
    with closing(Scratch("llama", folder)) as scratch:
        fresh = scratch.path / target.name
        gguf_writer.write_gguf(model.model, vocabulary, fresh)
        fresh.replace(target)  # whole or absent, whatever happens to this process
    for old in folder.glob("merged-*.gguf") if adapter else ():
        if old != target:
            old.unlink(missing_ok=True)
    return target


def _hash(source: ModelSource, config: Any, adapter: Path | None) -> str:
    told = [FORM, source.name, str(getattr(config, "_commit_hash", "")), config.to_json_string()]
    folder = Path(source.location)
    if folder.is_dir():
        files = sorted(folder.glob("*.safetensors"))
        told += [f"{f.name} {f.stat().st_size} {f.stat().st_mtime_ns}" for f in files]
    digest = hashlib.sha256("\n".join(told).encode())
    tuned = [adapter / name for name in MADE_FROM] if adapter else []
    for file in tuned:
        if file.is_file():
            with file.open("rb") as handle:
                digest.update(hashlib.file_digest(handle, "sha256").digest())
    return digest.hexdigest()[:16]
