"""A bot's folder over real folders of documents, with a fake embedder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from builder_fakes import FakeEmbedder, ListVoice

from builder.config import Config
from builder.jsonl import read_jsonl
from builder.records import Chunk
from builder.stages.context import Context, StageResult
from builder.stages.importing import run_import
from builder.stages.indexing import run_index
from builder.stages.preparing import run_prepare
from builder.workspace import Workspace
from connectors.records import Document

COMPANY = {
    "returns.md": "# Returns\n\nGoods may be returned within 14 days of delivery.\n",
    "規程/休暇.md": "# 休暇\n\n年次有給休暇は、入社6か月後に10日を与える。\n",
    "hr/salary.md": "# Salary\n\nThe salary of a manager is 9,000 euros a month.\n",
    "catalogue.csv": "SKU,Name,Price\nK-210,Kettle Plain,3980\nK-210S,Kettle Steel,4980\n",
}


def write_files(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def make_context(bot: Path, *sources: Path, **tables: Any) -> Context:
    paths = tuple(str(source) for source in sources)
    given = {"sources": {"paths": paths, **tables.pop("sources", {})}, **tables}
    return Context(Workspace(bot), Config.model_validate(given), ListVoice())


def documents_of(context: Context) -> dict[str, Document]:
    return {d.source: d for d in read_jsonl(Document, context.workspace.documents)}


def chunks_of(context: Context) -> list[Chunk]:
    return list(read_jsonl(Chunk, context.workspace.chunks))


def run_stages(context: Context, embedder: FakeEmbedder) -> list[StageResult]:
    """import, prepare, index"""
    return [run_import(context), run_prepare(context, embedder), run_index(context, embedder)]


def balanced(result: StageResult) -> bool:
    report = result.report
    return report.taken == report.made + sum(count for _, count in report.rejected)
