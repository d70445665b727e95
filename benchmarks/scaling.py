"""Import, change detection and index of many made documents: `python -m benchmarks.scaling N`.

The documents are made (seeded) and small, about 400 bytes. Vectors come from a stand-in for the
embedder, which at this size would take days on a CPU; Chroma and BM25 are the real ones. Tokens are
counted by the characters. A third argument names the folder to work in.
"""

from __future__ import annotations

import hashlib
import random
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.memory import measured
from builder.config import Config
from builder.models.catalog import ModelSource
from builder.models.embedder import Embedder
from builder.stages.context import Context, StageResult
from builder.stages.importing import run_import, source_changes
from builder.stages.indexing import run_index
from builder.stages.preparing import run_prepare
from builder.workspace import Workspace

DIMENSION = 384
IN_A_FOLDER = 500
WORDS = (
    "返品 期限 保証 送料 規程 申請 delivery refund warranty kettle toaster manager price".split()
)


class MadeVectors(Embedder):
    """A vector from the hash of the text: as many bytes as a real one, in no time."""

    def __init__(self) -> None:
        super().__init__(ModelSource("made", "made", (), "", "made"))

    def passages(self, texts: Sequence[str]) -> Any:
        import numpy as np

        seeds = [int.from_bytes(hashlib.sha256(t.encode()).digest()[:8], "big") for t in texts]
        rows = [np.random.default_rng(seed).standard_normal(DIMENSION) for seed in seeds]
        made = np.array(rows, dtype=np.float32)
        return made / np.linalg.norm(made, axis=1, keepdims=True)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text) // 3 + 1 for text in texts]


class Silent:
    """A voice that says nothing."""

    def say(self, text: str) -> None:
        """Nothing."""

    def progress(self, text: str) -> None:
        """Nothing."""


def main(count: int, folder: str = "") -> None:
    """Make the documents, then a table of what each step took."""
    with tempfile.TemporaryDirectory(dir=folder or None) as scratch:
        source = Path(scratch) / "documents"
        for number in range(count):
            _write(source, number)
        config = Config.model_validate({"sources": {"paths": (str(source),)}})
        context = Context(Workspace(Path(scratch) / "bot"), config, Silent())
        embedder = MadeVectors()
        steps: list[tuple[str, Callable[[], object]]] = [
            ("first import", lambda: run_import(context)),
            ("cut", lambda: run_prepare(context, embedder)),
            ("first index", lambda: run_index(context, embedder)),
            ("second import, nothing changed", lambda: run_import(context)),
            ("cut again", lambda: run_prepare(context, embedder)),
            ("index again", lambda: run_index(context, embedder)),
            ("what is stale", lambda: source_changes(context)),
            ("one file changed, one gone: import", lambda: _changed(context, source)),
            ("cut the changed one", lambda: run_prepare(context, embedder)),
            ("index the changed one", lambda: run_index(context, embedder)),
        ]
        print(f"{count} documents\n\n| step | seconds | peak MB, parent | peak MB, readers | |")
        print("| --- | --- | --- | --- | --- |")
        for name, step in steps:
            with measured() as spent:
                done = step()
            notes = "; ".join(done.report.notes) if isinstance(done, StageResult) else ""
            numbers = f"{spent.seconds:.1f} | {spent.parent_mb:.0f} | {spent.children_mb:.0f}"
            print(f"| {name} | {numbers} | {notes} |", flush=True)


def _write(source: Path, number: int) -> None:
    chance = random.Random(number)  # noqa: S311 - made text
    folder = source / f"part-{number // IN_A_FOLDER:04}"
    folder.mkdir(parents=True, exist_ok=True)
    sentences = [
        " ".join(chance.choice(WORDS) for _ in range(9)) + f" {chance.randrange(10_000)}."
        for _ in range(3)
    ]
    text = f"# Rule {number}\n\n" + "\n\n".join(sentences) + "\n"
    (folder / f"rule-{number:06}.md").write_text(text, encoding="utf-8")


def _changed(context: Context, source: Path) -> StageResult:
    files = sorted(source.rglob("*.md"))
    files[0].write_text("# Rule 0\n\nAnother text, which is longer.\n", encoding="utf-8")
    files[1].unlink()
    return run_import(context)


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
