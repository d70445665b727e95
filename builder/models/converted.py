"""A model with its adapter, written once in the form that another engine reads.

The numbers are those that Transformers would compute with (through NF4 and back, the adapter merged
into them), rounded to 8 bits in blocks of 32. What is made of the base model lies in the user's
cache, what is made of a tuned one beside its adapter; the names hold a hash of what they were made
from.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder.errors import ModelUnavailable
from builder.models import gguf_writer
from builder.models.carriers import cache_folder
from builder.models.catalog import ModelSource, Say
from builder.models.gguf_vocabulary import IdsOnly
from builder.models.language_model import LanguageModel
from builder.models.openvino_library import openvino
from builder.models.tuned import ADAPTER_CONFIG, ADAPTER_WEIGHTS, CHANGED_WEIGHTS, HOW
from connectors.scratch import Scratch

MADE_FROM = (ADAPTER_CONFIG, ADAPTER_WEIGHTS, CHANGED_WEIGHTS, HOW)
"""What a tuned model's folder says of its numbers."""
FORM = "2"
"""Part of the hash: raise it when the files are written in another way."""
GRAPH, NUMBERS = "openvino_model.xml", "openvino_model.bin"
"""What OpenVINO calls the two files of a model."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The model to be written."""

    source: ModelSource
    config: Any
    """Its configuration, of Transformers."""
    adapter: Path | None
    say: Say


def gguf_file(wanted: Wanted) -> Path:
    """For llama.cpp; written where it isn't there yet."""

    def write(scratch: Path) -> Path:
        _write_gguf(wanted, scratch / "model.gguf")
        (scratch / "model.gguf").chmod(0o600)  # as secret as the adapter
        return scratch / "model.gguf"

    return _made(wanted, "llama", "merged-{}.gguf", write)


def openvino_folder(wanted: Wanted) -> Path:
    """For OpenVINO, which makes its own form of a GGUF file; written where it isn't there yet."""

    def write(scratch: Path) -> Path:
        _write_gguf(wanted, scratch / "model.gguf")
        _read_by_openvino(scratch / "model.gguf")
        folder = scratch / "model"
        folder.mkdir(mode=0o700)  # as secret as the adapter
        for name in (GRAPH, NUMBERS):
            (scratch / name).rename(folder / name)
        return folder

    return _made(wanted, "openvino", "openvino-{}", write)


def _write_gguf(wanted: Wanted, path: Path) -> None:
    model = LanguageModel.load(wanted.source, "cpu", wanted.adapter)
    vocabulary = IdsOnly(wanted.config.vocab_size, model.tokenizer.eos_token_id)
    gguf_writer.write_gguf(model.model, vocabulary, path)


def _read_by_openvino(file: Path) -> None:
    """Leaves GRAPH and NUMBERS beside it."""
    _, genai = openvino()
    scheduler = genai.SchedulerConfig()
    try:
        genai.ContinuousBatchingPipeline(
            str(file), scheduler, "CPU", {"enable_save_ov_model": True}
        )
    except (RuntimeError, IndexError) as exc:
        raise ModelUnavailable(
            "OpenVINO can't read the model.",
            remedy='Set `model.runtime = "transformers"` in bot.toml.',
        ) from exc


def _made(wanted: Wanted, engine: str, name: str, write: Callable[[Path], Path]) -> Path:
    folder = wanted.adapter if wanted.adapter else cache_folder() / engine
    target = folder / name.format(_hash(wanted))
    if target.exists():
        return target
    folder.mkdir(parents=True, exist_ok=True)
    wanted.say("First use: preparing the model for answers on this machine …")
    with closing(Scratch(engine, folder)) as scratch:
        fresh = write(scratch.path)
        try:
            fresh.replace(target)  # whole or absent, whatever happens to this process
        except OSError:
            if not target.exists():  # else another process was faster
                raise
    for old in folder.glob(name.format("*")) if wanted.adapter else ():
        if old.is_dir() and old != target:
            shutil.rmtree(old, ignore_errors=True)
        elif old != target:
            old.unlink(missing_ok=True)
    return target


def _hash(wanted: Wanted) -> str:
    source, config, adapter = wanted.source, wanted.config, wanted.adapter
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
