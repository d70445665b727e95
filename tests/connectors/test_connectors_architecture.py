"""What connectors may import, and when."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import connectors
from connectors.readers import READERS, SAVE_AS, reader_for

ROOT = Path(connectors.__file__).parent
MODULES = sorted(
    ".".join(("connectors", *path.relative_to(ROOT).with_suffix("").parts))
    for path in ROOT.rglob("*.py")
    if path.name != "__init__.py"
)
HEAVY = (
    "pypdfium2 pypdf docx pptx openpyxl bs4 lxml langchain_core charset_normalizer pathspec numpy "
    "torch"
).split()


def _imports(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return {name.partition(".")[0] for name in names}


def test_connectors_import_neither_builder_nor_ui() -> None:
    for path in ROOT.rglob("*.py"):
        assert not _imports(path) & {"builder", "ui"}, path


def test_importing_the_modules_loads_no_heavy_library() -> None:
    light = [name for name in MODULES if name != "connectors.langchain_loader"]
    script = f"import sys, {', '.join(light)}; print([m for m in {HEAVY!r} if m in sys.modules])"
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT.parent
    )
    assert run.stdout.strip() == "[]"


@pytest.mark.parametrize("suffix", READERS)
def test_every_line_of_the_table_of_readers_leads_to_a_reader(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{suffix.upper()}"
    path.write_bytes(b"\0")
    assert reader_for(path).__name__ == "read"


def test_advice_names_formats_that_are_read() -> None:
    assert set(SAVE_AS.values()) <= set(READERS)
    assert not set(SAVE_AS) & set(READERS)
