"""Importing real folders: complete, only what changed, and nothing lost to a kill."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path

import pytest
from stage_case import COMPANY, balanced, documents_of, make_context, write_files

from builder.errors import UsageError, WorkspaceError
from builder.jsonl import read_jsonl
from builder.stages import importing
from builder.stages.context import Context
from builder.stages.importing import SourceChanges, rejections, run_import, source_changes
from connectors.errors import SourceError
from connectors.records import Rejection


def state(context: Context) -> dict[str, bytes]:
    """Every file of the bot, but the journal of an import that is under way."""
    root = context.workspace.root
    files = {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}
    files.pop("documents/journal.jsonl", None)
    return files


def touch_later(path: Path) -> None:
    """Give the file another time, whatever the clock's grain."""
    status = path.stat()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1_000_000_000))


def test_every_file_is_a_document_or_a_rejection(company: Path, tmp_path: Path) -> None:
    write_files(company, {"old.xyz": "x", "empty.md": "", "blank.txt": " \n", ".git/config": "x"})
    (company / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    context = make_context(tmp_path / "bot", company)
    result = run_import(context)
    assert balanced(result)
    assert set(documents_of(context)) == set(COMPANY)
    assert result.report.made == len(COMPANY)
    reasons = {r.source: r.reason for r in read_jsonl(Rejection, context.workspace.rejections)}
    broken = reasons.pop("broken.pdf")
    assert broken in ("broken", "no-text")
    assert reasons == {
        "old.xyz": "unsupported",
        "empty.md": "empty",
        "blank.txt": "no-text",
        ".git/": "ignored",
    }
    assert ".git/" not in [rejection.source for rejection in rejections(context)]
    assert len(rejections(context)) == 4


def test_unchanged_files_are_not_read_and_the_result_is_the_same(
    company: Path, tmp_path: Path, read: list[str]
) -> None:
    context = make_context(tmp_path / "bot", company)
    run_import(context)
    assert sorted(read) == sorted(COMPANY)
    first = context.workspace.documents.read_bytes()
    read.clear()
    again = run_import(context)
    assert read == []
    assert context.workspace.documents.read_bytes() == first
    assert balanced(again)
    assert again.report.notes == (f"{len(COMPANY)} unchanged",)


def test_only_what_changed_is_read_and_all_stand_in_order(
    company: Path, tmp_path: Path, read: list[str]
) -> None:
    context = make_context(tmp_path / "bot", company)
    run_import(context)
    read.clear()
    write_files(company, {"returns.md": "# Returns\n\nWithin 30 days.\n", "new.md": "New.\n"})
    touch_later(company / "returns.md")
    (company / "hr/salary.md").unlink()
    assert source_changes(context) == SourceChanges(
        {"new": ["new.md"], "changed": ["returns.md"], "gone": ["hr/salary.md"]}, (), ()
    )
    result = run_import(context)
    assert sorted(read) == ["new.md", "returns.md"]
    assert "1 no longer in the source" in result.report.notes
    assert source_changes(context) == SourceChanges({}, (), ())
    fresh = make_context(tmp_path / "fresh", company)
    run_import(fresh)
    assert context.workspace.documents.read_bytes() == fresh.workspace.documents.read_bytes()
    assert "30 days" in documents_of(context)["returns.md"].parts[0].text


def test_a_rejected_file_is_tried_again(company: Path, tmp_path: Path) -> None:
    write_files(company, {"late.md": ""})
    context = make_context(tmp_path / "bot", company)
    assert run_import(context).report.rejected == (("empty", 1),)
    write_files(company, {"late.md": "Now it says something.\n"})
    assert run_import(context).report.rejected == ()
    assert "late.md" in documents_of(context)


def test_sources_with_the_same_paths_keep_all_documents(tmp_path: Path) -> None:
    roots = [tmp_path / name for name in ("a/docs", "b/docs", "c/docs", "d/other")]
    for number, root in enumerate(roots):
        write_files(root, {"rules.md": f"Rule {number}.\n", ".git/x": "x"})
    context = make_context(tmp_path / "bot", *roots)
    result = run_import(context)
    assert balanced(result)
    found = documents_of(context)
    assert {name: d.parts[0].text for name, d in found.items()} == {
        "rules.md": "Rule 0.\n",
        "docs/rules.md": "Rule 1.\n",
        "docs/rules.md (2)": "Rule 2.\n",
        "other/rules.md": "Rule 3.\n",
    }
    assert len({d.id for d in found.values()}) == 4
    before = context.workspace.documents.read_bytes()
    assert run_import(context).report.notes == ("4 unchanged",)
    assert context.workspace.documents.read_bytes() == before


def test_without_a_source_nothing_is_done(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"sources\.paths"):
        run_import(make_context(tmp_path / "bot"))
    assert not (tmp_path / "bot").exists()


@pytest.mark.parametrize("what", ["missing", "empty", "unreadable"])
def test_a_source_that_gives_nothing_leaves_what_was_there(
    company: Path, tmp_path: Path, what: str
) -> None:
    context = make_context(tmp_path / "bot", company)
    run_import(context)
    before = state(context)
    other = tmp_path / what
    if what != "missing":
        other.mkdir()
    if what == "unreadable":
        write_files(other, {"old.xyz": "x", "a.xyz": "x"})
    sources = (company, other) if what == "missing" else (other,)
    with pytest.raises(SourceError) as caught:
        run_import(make_context(tmp_path / "bot", *sources))
    assert str(other) in str(caught.value)
    if what == "unreadable":
        assert "2 unsupported" in str(caught.value)
    assert state(context) == before


@pytest.mark.parametrize("survives", range(7))
def test_killed_between_two_writes_the_next_run_ends_the_same(
    company: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, survives: int
) -> None:
    context = make_context(tmp_path / "bot", company)
    run_import(context)
    before = state(context)
    old = (company / "returns.md").stat()
    write_files(company, {"returns.md": "# Returns\n\nWithin 30 days, no more.\n", "z.md": "Z.\n"})
    touch_later(company / "returns.md")
    real, calls = Path.replace, []

    def replace(self: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) > survives:
            raise KeyboardInterrupt
        return real(self, target)

    with monkeypatch.context() as killed:
        killed.setattr(Path, "replace", replace)
        with contextlib.suppress(KeyboardInterrupt):
            run_import(context)
    if survives == 0:
        assert state(context) == before
    assert len(calls) == min(survives + 1, 6)
    assert not list((tmp_path / "bot").rglob("*.tmp"))
    # The owner even takes the change back, with its old time: the old text has to come back too.
    write_files(company, {"returns.md": COMPANY["returns.md"]})
    os.utime(company / "returns.md", ns=(old.st_atime_ns, old.st_mtime_ns))
    run_import(context)
    fresh = make_context(tmp_path / "fresh", company)
    run_import(fresh)
    assert context.workspace.documents.read_bytes() == fresh.workspace.documents.read_bytes()


@pytest.mark.parametrize("damage", ["not JSON\n", '{"source": 1', "\udcff\n"])
def test_damaged_documents_are_read_anew(company: Path, tmp_path: Path, damage: str) -> None:
    context = make_context(tmp_path / "bot", company)
    run_import(context)
    path = context.workspace.documents
    good = path.read_bytes()
    path.write_bytes(good[:50] + damage.encode("utf-8", "surrogateescape"))
    with pytest.raises(WorkspaceError, match="line 1 is not a Document"):
        list(importing.documents(context))
    run_import(context)
    assert path.read_bytes() == good


def test_a_lost_or_damaged_ledger_costs_a_reading_only(
    company: Path, tmp_path: Path, read: list[str]
) -> None:
    context = make_context(tmp_path / "bot", company)
    run_import(context)
    ledger = context.workspace.documents.with_name("items.jsonl")
    head, *rows = ledger.read_text(encoding="utf-8").splitlines()
    assert {json.loads(row)["item"] for row in rows} == set(COMPANY)
    good = context.workspace.documents.read_bytes()
    for damage in ("", "{", "null", f"{head}\n[]\n", f'{head}\n{{"item": 1}}\n', f"{head}\n{{"):
        ledger.write_text(damage)
        read.clear()
        run_import(context)
        assert sorted(read) == sorted(COMPANY)
        assert context.workspace.documents.read_bytes() == good


def test_names_with_odd_signs(tmp_path: Path) -> None:
    names = ["a\u2028b.md", "a\u0085b.md", "表 ．md.md", "quote\"'\\.md", "new\nline.md"]
    root = write_files(tmp_path / "odd", dict.fromkeys(names, "Text.\n"))
    write_files(root, {"c\u2028d.xyz": "x", "c\u0085d.xyz": "x"})
    context = make_context(tmp_path / "bot", root)
    assert balanced(run_import(context))
    assert set(documents_of(context)) == set(names)
    assert {r.source for r in rejections(context)} == {"c\u2028d.xyz", "c\u0085d.xyz"}
    assert run_import(context).report.notes == (f"{len(names)} unchanged",)


def test_one_file_with_half_a_character_does_not_stop_the_others(
    company: Path, tmp_path: Path
) -> None:
    write_files(company, {"odd.json": '{"text": "half \\ud83d a sign", "b": 1}'})
    context = make_context(tmp_path / "bot", company)
    assert balanced(run_import(context))
    assert set(COMPANY) <= set(documents_of(context))


def test_limits_are_those_of_the_configuration(company: Path, tmp_path: Path) -> None:
    write_files(company, {"large.txt": "x" * 1_100_000})
    limits = {"max_file_mb": 1, "ignore": ("hr/",)}
    context = make_context(tmp_path / "bot", company, sources=limits)
    result = run_import(context)
    assert dict(result.report.rejected) == {"too-large": 1, "ignored": 1}
    assert "hr/salary.md" not in documents_of(context)
