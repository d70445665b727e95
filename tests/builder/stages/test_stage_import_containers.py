"""Importing files that hold files: what is in them comes, changes and goes with them."""

from __future__ import annotations

import os
from email.message import EmailMessage
from pathlib import Path
from zipfile import ZipFile

import pytest
from stage_case import balanced, documents_of, make_context, write_files

from builder.jsonl import read_jsonl
from builder.stages.context import Context
from builder.stages.importing import run_import
from connectors.records import Rejection


@pytest.fixture
def company(tmp_path: Path) -> Path:
    root = write_files(tmp_path / "company", {"a.md": "First.\n", "z.md": "Last.\n"})
    _pack(root / "box.zip", {"規程/休暇.md": "10日です。\n", "rows.csv": "a,b\n1,2\n"})
    return root


def _pack(path: Path, members: dict[str, str], mtime: int = 0) -> None:
    with ZipFile(path, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    os.utime(path, ns=(mtime, mtime))


def _rejected(context: Context) -> dict[str, str]:
    found = read_jsonl(Rejection, context.workspace.rejections)
    return {rejection.source: rejection.reason for rejection in found}


def test_members_come_change_and_go_with_their_archive(company: Path, tmp_path: Path) -> None:
    context = make_context(tmp_path / "bot", company)
    assert balanced(run_import(context))
    assert list(documents_of(context)) == [
        "a.md",
        "box.zip/規程/休暇.md",
        "box.zip/rows.csv",
        "z.md",
    ]
    first = documents_of(context)["box.zip/規程/休暇.md"]

    _pack(company / "box.zip", {"規程/休暇.md": "20日です。\n", "new.md": "New.\n"}, mtime=10**9)
    assert balanced(run_import(context))
    assert list(documents_of(context)) == ["a.md", "box.zip/規程/休暇.md", "box.zip/new.md", "z.md"]
    second = documents_of(context)["box.zip/規程/休暇.md"]
    assert second.id == first.id
    assert second.parts[0].text == "20日です。\n"

    (company / "box.zip").unlink()
    assert balanced(run_import(context))
    assert list(documents_of(context)) == ["a.md", "z.md"]


def test_an_unchanged_archive_keeps_its_documents(company: Path, tmp_path: Path) -> None:
    context = make_context(tmp_path / "bot", company)
    run_import(context)
    before = context.workspace.documents.read_bytes()
    result = run_import(context)
    assert balanced(result)
    assert context.workspace.documents.read_bytes() == before
    assert any("3 unchanged" in note for note in result.report.notes)


def test_members_that_cannot_be_read_are_named(company: Path, tmp_path: Path) -> None:
    _pack(company / "box.zip", {"good.md": "Good.\n", "bad.xcf": "x", ".DS_Store": "x"})
    context = make_context(tmp_path / "bot", company)
    for _ in range(2):  # also where nothing has changed
        assert balanced(run_import(context))
        assert _rejected(context) == {
            "box.zip/bad.xcf": "unsupported",
            "box.zip/.DS_Store": "ignored",
        }
        assert "box.zip/good.md" in documents_of(context)


def test_a_mail_and_its_attachments(company: Path, tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["Subject"] = "旅費"
    mail.set_content("添付します。\n")
    mail.add_attachment("# 規程\n".encode(), "text", "markdown", filename="規程.md")
    (company / "mail.eml").write_bytes(bytes(mail))
    context = make_context(tmp_path / "bot", company)
    assert balanced(run_import(context))
    assert {"mail.eml", "mail.eml/規程.md"} < set(documents_of(context))


def test_the_size_limit_and_ignore_rules_hold_inside(company: Path, tmp_path: Path) -> None:
    members = {"large.txt": "x" * 1_100_000, "draft.md": "Not yet.\n", "good.md": "Good.\n"}
    with ZipFile(company / "box.zip", "w", compression=8) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    limits = {"max_file_mb": 1, "ignore": ("draft*",)}
    context = make_context(tmp_path / "bot", company, sources=limits)
    assert balanced(run_import(context))
    assert _rejected(context) == {
        "box.zip/large.txt": "too-large",
        "box.zip/draft.md": "ignored",
    }
