"""Who may import whom, and what a start of the program loads."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import builder

ROOT = Path(builder.__file__).parent.parent

ALLOWED = {
    "connectors": "",
    "builder.errors": "connectors",
    "builder.records": "connectors",
    "builder.config": "builder.errors",
    "builder.jsonl": "builder.errors",
    "builder.workspace": "builder.errors builder.jsonl builder.records",
    "builder.config_file": "builder.config builder.workspace",
    "builder.prompt": "builder.records builder.text",
    "builder.text": "builder.records connectors",
    "builder.models": "builder.config builder.errors builder.records connectors",
    "builder.prepare": "builder.config builder.records builder.text connectors",
    "builder.privacy": "builder.config builder.records connectors",
    "builder.knowledge": "builder.config builder.errors builder.jsonl builder.models"
    " builder.records builder.text connectors",
    "builder.products": "builder.knowledge builder.records builder.text connectors",
    "builder.dataset": "builder.config builder.errors builder.records builder.text",
    "builder.training": "builder.config builder.errors builder.jsonl builder.models"
    " builder.prompt builder.records",
    "builder.bot": "builder.config builder.errors builder.jsonl builder.knowledge builder.models"
    " builder.products builder.prompt builder.records builder.text builder.workspace connectors",
    "builder.evaluation": "builder.errors builder.records builder.text builder.workspace"
    " connectors",
    "builder.export": "builder.errors builder.models builder.records builder.workspace connectors",
    "builder.stages": "builder.bot builder.config builder.dataset builder.errors"
    " builder.evaluation builder.export builder.jsonl builder.knowledge builder.models"
    " builder.prepare builder.privacy builder.prompt builder.records builder.training"
    " builder.workspace connectors",
    "builder.pipeline": "builder.bot builder.models builder.stages",
    "builder.cli": "builder.bot builder.config builder.config_file builder.dataset builder.errors"
    " builder.evaluation builder.export builder.jsonl builder.models builder.pipeline"
    " builder.records builder.stages builder.workspace connectors",
    "ui": "builder.bot builder.errors builder.records builder.text builder.workspace connectors",
}
"""Package → the packages of this project that it may import besides itself."""

LEAVES = ("prepare", "privacy", "knowledge", "dataset", "training", "evaluation", "export")
HEAVY = (
    "torch transformers chromadb streamlit pydantic langchain langchain_core langchain_chroma"
    " numpy bm25s peft bitsandbytes openvino openvino_genai bs4 lxml openpyxl pypdf docx pptx"
    " httpx jinja2 tokenizers"
).split()


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


FILES = {
    module_of(path): path
    for package in ("connectors", "builder", "ui")
    for path in sorted((ROOT / package).rglob("*.py"))
}


def package_of(module: str) -> str:
    """The line of the table that a module belongs to; empty for what is not ours."""
    parts = module.split(".")
    if parts[0] == "builder":
        return ".".join(parts[:2])
    return parts[0] if parts[0] in ALLOWED else ""


def imported_by(path: Path) -> set[str]:
    """Every module of this project that the file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            base = node.module or ""
            found.add(base)
            found |= {f"{base}.{alias.name}" for alias in node.names}
    return {name for name in found if name in FILES and name != "builder"}


@pytest.mark.parametrize("module", sorted(FILES))
def test_a_module_imports_only_what_its_package_may(module: str) -> None:
    package = package_of(module)
    if module == "builder":
        assert imported_by(FILES[module]) == set()
        return
    assert package in ALLOWED, f"{module}: say in the table what {package} may import"
    used = {package_of(name) for name in imported_by(FILES[module])} - {package}
    assert used <= set(ALLOWED[package].split()), module


def test_the_table_keeps_to_the_design() -> None:
    allowed = {name: set(others.split()) for name, others in ALLOWED.items()}
    assert allowed["connectors"] == set()
    assert all("ui" not in others for others in allowed.values())
    above = {"builder.stages", "builder.pipeline", "builder.cli", "builder.bot"}
    leaves = {f"builder.{name}" for name in LEAVES}
    for name in leaves:
        assert not allowed[name] & (leaves | above), name
    for name, others in allowed.items():
        if "builder.stages" in others:
            assert name in ("builder.pipeline", "builder.cli")
        if "builder.cli" in others:
            raise AssertionError(name)


def test_packages_do_not_import_in_circles() -> None:
    done: set[str] = set()
    while len(done) < len(ALLOWED):
        ready = {name for name, others in ALLOWED.items() if set(others.split()) <= done} - done
        assert ready, f"a circle among {sorted(set(ALLOWED) - done)}"
        done |= ready


def loaded(*modules: str) -> set[str]:
    script = f"import sys, {', '.join(modules)}; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return {name.partition(".")[0] for name in run.stdout.split()}


def test_starting_the_program_loads_nothing_heavy() -> None:
    assert not loaded("builder.cli.main") & set(HEAVY)


def test_light_modules_load_nothing_heavy() -> None:
    light = ["builder.records", "builder.errors", "builder.jsonl", "builder.workspace"]
    light += [m for m in FILES if m.startswith(("builder.text.", "builder.prepare."))]
    assert not loaded(*light) & set(HEAVY)


def test_stages_load_no_model_before_they_run() -> None:
    models = {"torch", "transformers", "chromadb", "bm25s", "peft", "bitsandbytes", "streamlit"}
    assert not loaded("builder.pipeline", "builder.config") & models
