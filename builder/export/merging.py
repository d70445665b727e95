"""Merges the adapter into the base in a process of its own, whose memory is bounded.

The base is the one that the adapter was trained on: through 4 bits and back. Merged into the
original weights, an adapter that was trained over 4 bits loses much of what it learned.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from builder.errors import WorkspaceError
from builder.models.catalog import ModelSource

GGUF_NAME = "model-q8_0.gguf"
_FREE_SHARE = 0.8
"""Share of the free memory that merging may take before it ends with an error."""
_OUT_OF_MEMORY = 3
_LAST_LINES = 3


@dataclass(frozen=True, slots=True)
class MergeJob:
    """What is merged, and where it goes."""

    source: ModelSource
    adapter: str
    folder: str
    """Exists and is empty."""
    gguf: bool
    """Also as one GGUF file, in 8 bits."""


def merge(job: MergeJob) -> None:
    """Write the merged model into the folder: safetensors, tokenizer, and GGUF if wanted.

    Raises WorkspaceError when the process fails or the memory does not suffice.
    """
    done = subprocess.run(
        [sys.executable, "-m", "builder.export.merging"],
        input=json.dumps(asdict(job)),
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "HF_HUB_OFFLINE": "1"},
    )
    if done.returncode == _OUT_OF_MEMORY:
        raise WorkspaceError(
            "there is not enough free memory to merge the adapter.",
            job.adapter,
            "End other programs, or export with --format adapter.",
        )
    if done.returncode != 0:
        last = " ".join(done.stderr.strip().splitlines()[-_LAST_LINES:])
        raise WorkspaceError(
            f"merging failed ({last or f'status {done.returncode}'}).",
            job.adapter,
            "Export with --format adapter, and please report this.",
        )


def main() -> None:
    """The process: reads a job from standard input."""
    value = json.load(sys.stdin)
    job = MergeJob(**{**value, "source": ModelSource(**value["source"])})
    _bound_memory()
    try:
        _merge(job)
    except MemoryError:
        sys.exit(_OUT_OF_MEMORY)
    except RuntimeError as exc:  # what torch raises in its place
        if "alloc" not in str(exc):
            raise
        sys.exit(_OUT_OF_MEMORY)


def _merge(job: MergeJob) -> None:
    from builder.export.vocabulary import ByteLevelVocabulary
    from builder.models.gguf_writer import write_gguf
    from builder.models.language_model import load_tokenizer
    from builder.models.tuned import load_tuned

    folder = Path(job.folder)
    tokenizer = load_tokenizer(job.source)
    model = load_tuned(job.source, "cpu", Path(job.adapter))
    # The folder on this machine helps nobody elsewhere.
    model.config._name_or_path = job.source.hub_id
    if job.gguf:
        vocabulary = ByteLevelVocabulary(tokenizer, model.config.vocab_size)
        write_gguf(model, vocabulary, folder / GGUF_NAME)
        return
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def _bound_memory() -> None:
    """At most what is free now, less a rest for the others: an error here, no swapping there."""
    import psutil

    try:
        import resource
    except ImportError:  # Windows
        return
    used = psutil.Process().memory_info().rss
    limit = used + int(psutil.virtual_memory().available * _FREE_SHARE)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


if __name__ == "__main__":
    main()
