"""From documents to an index: only what changed, labels on every chunk, complete after a kill."""

from __future__ import annotations

from pathlib import Path

import pytest
from builder_fakes import FakeEmbedder
from stage_case import COMPANY, balanced, chunks_of, make_context, run_stages, write_files

from builder.config import RetrievalSection
from builder.errors import StageMissing
from builder.knowledge import vectors
from builder.knowledge.retrieve import retrieve
from builder.records import Question
from builder.stages.context import Context
from builder.stages.importing import documents, run_import
from builder.stages.indexing import open_index, run_index
from builder.stages.preparing import all_chunks, catalog, run_prepare


def ask(
    context: Context, text: str, embedder: FakeEmbedder, groups: tuple[str, ...] = ()
) -> list[str]:
    index = open_index(context, embedder)
    found = retrieve(index, [Question("", text, groups=groups)], RetrievalSection(), 10)[0]
    return [passage.chunk.source for passage in found]


def test_stages_need_each_other(tmp_path: Path, fake_embedder: FakeEmbedder) -> None:
    context = make_context(tmp_path / "bot", tmp_path)
    with pytest.raises(StageMissing, match="monoshiri import"):
        run_prepare(context, fake_embedder)
    with pytest.raises(StageMissing, match="monoshiri import"):
        run_index(context, fake_embedder)
    with pytest.raises(StageMissing, match="monoshiri import"):
        list(documents(context))
    with pytest.raises(StageMissing, match="monoshiri index"):
        open_index(context, fake_embedder)


def test_a_second_run_does_nothing_and_changes_nothing(
    company: Path, tmp_path: Path, fake_embedder: FakeEmbedder
) -> None:
    context = make_context(tmp_path / "bot", company)
    first = run_stages(context, fake_embedder)
    assert all(balanced(result) for result in first)
    embedded = len(fake_embedder.embedded)
    assert embedded == len(chunks_of(context))
    before = context.workspace.chunks.read_bytes()
    again = run_stages(context, fake_embedder)
    assert [result.unchanged for result in again[1:]] == [True, True]
    assert [r.report for r in again[1:]] == [r.report for r in first[1:]]
    assert len(fake_embedder.embedded) == embedded
    assert context.workspace.chunks.read_bytes() == before


def test_a_changed_document_changes_its_chunks_alone(
    company: Path, tmp_path: Path, fake_embedder: FakeEmbedder
) -> None:
    context = make_context(tmp_path / "bot", company)
    run_stages(context, fake_embedder)
    before = {c.id for c in chunks_of(context)}
    fake_embedder.embedded.clear()
    write_files(company, {"returns.md": "# Returns\n\nGoods may be returned within 30 days.\n"})
    (company / "hr/salary.md").unlink()
    result = run_stages(context, fake_embedder)[-1]
    after = {c.id for c in chunks_of(context)}
    assert (len(after - before), len(before - after)) == (1, 2)
    assert len(fake_embedder.embedded) == 1
    assert "2 removed" in result.report.notes
    assert "hr/salary.md" not in ask(context, "salary of a manager", fake_embedder)


def test_products_are_joined_with_their_chunks(
    company: Path, tmp_path: Path, fake_embedder: FakeEmbedder
) -> None:
    context = make_context(tmp_path / "bot", company)
    result = run_stages(context, fake_embedder)[-1]
    assert "2 products" in result.report.notes
    entries = catalog(context, all_chunks(context))
    assert [(e.product.sku, e.chunk.sku) for e in entries] == [
        ("K-210", "K-210"),
        ("K-210S", "K-210S"),
    ]
    index = open_index(context, fake_embedder)
    first = retrieve(index, [Question("", "K-210Sの価格")], RetrievalSection(), 1)[0][0]
    assert (first.chunk.sku, first.chunk.locator) == ("K-210S", entries[1].product.locator)


def test_documents_without_text_are_counted(
    company: Path, tmp_path: Path, fake_embedder: FakeEmbedder
) -> None:
    write_files(company, {"picture.md": "![](photo.png)\n"})
    context = make_context(tmp_path / "bot", company)
    result = run_stages(context, fake_embedder)[1]
    assert result.report.rejected == (("no text", 1),)
    assert balanced(result)


def test_pictures_alone_make_an_empty_index(tmp_path: Path, fake_embedder: FakeEmbedder) -> None:
    root = write_files(tmp_path / "pictures", {"picture.md": "![](photo.png)\n"})
    context = make_context(tmp_path / "bot", root)
    run_stages(context, fake_embedder)
    assert ask(context, "anything", fake_embedder) == []


@pytest.mark.parametrize("pattern", ["hr/", "/hr/**", "hr/*.md", "salary.md"])
def test_access_rules_label_the_chunks(
    company: Path, tmp_path: Path, fake_embedder: FakeEmbedder, pattern: str
) -> None:
    rules = [{"path": "hr/", "groups": ["hr", "board"]}, {"path": pattern, "groups": ["board"]}]
    context = make_context(tmp_path / "bot", company, access=rules)
    run_stages(context, fake_embedder)
    groups = {chunk.source: chunk.groups for chunk in chunks_of(context)}
    assert groups.pop("hr/salary.md") == ("board",)
    assert set(groups.values()) == {()}
    question = "What is the salary of a manager?"
    assert "hr/salary.md" not in ask(context, question, fake_embedder)
    assert "hr/salary.md" not in ask(context, question, fake_embedder, ("hr", "staff"))
    assert ask(context, question, fake_embedder, ("board",))[0] == "hr/salary.md"


def test_a_rule_for_a_catalogue_holds_for_its_products(
    company: Path, tmp_path: Path, fake_embedder: FakeEmbedder
) -> None:
    rules = [{"path": "*.csv", "groups": ["buyers"]}]
    context = make_context(tmp_path / "bot", company, access=rules)
    run_stages(context, fake_embedder)
    assert "catalogue.csv" not in ask(context, "K-210 Kettle Plain", fake_embedder)
    assert ask(context, "K-210", fake_embedder, ("buyers",))[0] == "catalogue.csv"


def test_rules_that_come_and_go_hold_after_the_next_run(
    company: Path, tmp_path: Path, fake_embedder: FakeEmbedder
) -> None:
    rules = [{"path": "hr/", "groups": ["hr"]}]
    question = "What is the salary of a manager?"
    bot = tmp_path / "bot"
    for tables, seen in (({}, True), ({"access": rules}, False), ({}, True)):
        context = make_context(bot, company, **tables)
        run_stages(context, fake_embedder)
        assert ("hr/salary.md" in ask(context, question, fake_embedder)) is seen
        index = open_index(context, fake_embedder)
        vector = fake_embedder.queries([question])[0].tolist()
        ids = [chunk_id for chunk_id, _ in index._vectors.search(vector, 50, ())]
        assert ("hr/salary.md" in {index.chunk(i).source for i in ids}) is seen


def test_other_settings_cut_anew(
    company: Path, tmp_path: Path, fake_embedder: FakeEmbedder
) -> None:
    write_files(company, {"long.md": "This is a sentence of a long text. " * 60})
    run_stages(make_context(tmp_path / "bot", company), fake_embedder)
    context = make_context(tmp_path / "bot", company, chunks={"tokens": 60})
    results = run_stages(context, fake_embedder)
    assert not results[1].unchanged
    assert max(c.tokens for c in chunks_of(context) if c.source == "long.md") <= 60


def test_another_embedder_makes_another_index(company: Path, tmp_path: Path) -> None:
    context = make_context(tmp_path / "bot", company)
    run_stages(context, FakeEmbedder("one", 64))
    other = FakeEmbedder("two", 32)
    assert not run_stages(context, other)[-1].unchanged
    assert len(other.embedded) == len(chunks_of(context))
    assert ask(context, "returned within 14 days", other)[0] == "returns.md"


def test_killed_while_cutting_the_old_chunks_stay(
    company: Path, tmp_path: Path, fake_embedder: FakeEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = make_context(tmp_path / "bot", company)
    run_stages(context, fake_embedder)
    before = context.workspace.chunks.read_bytes()
    write_files(company, {"returns.md": "# Returns\n\nChanged text, within 30 days.\n"})
    run_import(context)

    def kill(_: list[str]) -> list[int]:
        raise KeyboardInterrupt

    with monkeypatch.context() as killed:
        killed.setattr(fake_embedder, "count_tokens", kill)
        with pytest.raises(KeyboardInterrupt):
            run_prepare(context, fake_embedder)
    assert context.workspace.chunks.read_bytes() == before
    assert not run_prepare(context, fake_embedder).unchanged
    assert "30 days" in context.workspace.chunks.read_text(encoding="utf-8")


def test_killed_while_indexing_and_taken_back_the_index_is_mended(
    company: Path, tmp_path: Path, fake_embedder: FakeEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = make_context(tmp_path / "bot", company)
    run_stages(context, fake_embedder)
    write_files(company, {"returns.md": "# Returns\n\nChanged text, within 30 days.\n"})
    run_import(context)
    run_prepare(context, fake_embedder)

    def kill(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as killed:
        killed.setattr(vectors.VectorStore, "add", kill)  # what is gone has been removed by then
        with pytest.raises(KeyboardInterrupt):
            run_index(context, fake_embedder)
    write_files(company, {"returns.md": COMPANY["returns.md"]})
    run_stages(context, fake_embedder)
    store = vectors.VectorStore(context.workspace.index / "vectors", fake_embedder)
    assert set(store.stored()) == {c.id for c in chunks_of(context)}
