"""Personal data on its way through the stages, and who may read and learn what."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from builder_fakes import FakeEmbedder
from stage_case import balanced, chunks_of, make_context, run_stages, write_files
from tiny import make_chunk
from training_cases import make_pairs

from builder.config import RetrievalSection
from builder.knowledge.retrieve import retrieve
from builder.models.catalog import ModelSource
from builder.records import SPLITS, Question
from builder.stages import evaluating, material
from builder.stages.context import Context
from builder.stages.generating import pairs_of, quality_summary, run_generate
from builder.stages.indexing import open_index
from builder.stages.preparing import catalog
from builder.stages.training import run_train
from builder.workspace import write_jsonl

SECRETS = (
    "hanako.sato@mail.example",
    "090-1234-5678",
    "Hanako Sato",
    "佐藤花子",
    "4111 1111 1111 1111",
)
COMPANY = {
    "desk.md": "# Rental desk\n\nMs. Hanako Sato leads the rental desk. Rental takes 3 days.\n\n"
    "The rental office: hanako.sato@mail.example\n",
    "窓口.md": "# 修理\n\n修理の担当は佐藤花子様で、電話は090-1234-5678である。"
    "修理は5日以内に終わる。\n",
    "pay.md": "# Paying\n\nThe test card is 4111 1111 1111 1111. Refunds take 14 days.\n",
    "hr/list.md": "# Staff\n\nThe salary of Hanako Sato is 9,000 euros a month.\n",
    "goods.csv": "SKU,Name,Price,Supplier\nK-1,Kettle,3980,hanako.sato@mail.example\n",
    **{
        f"guide{n}.md": f"# {t} service\n\nThe {t.lower()} service takes {n + 3} days."
        f" The {t.lower()} service costs {n + 2}0 euros.\n"
        for n, t in enumerate(["Gift", "Loan", "Delivery", "Cleaning", "Storage"])
    },
}


def build(tmp_path: Path, embedder: FakeEmbedder, **tables: Any) -> tuple[Context, str]:
    company = write_files(tmp_path / "company", COMPANY)
    context = make_context(tmp_path / "bot", company, **tables)
    results = run_stages(context, embedder)
    assert all(balanced(result) for result in results)
    return context, "; ".join(results[1].report.notes)


def everything_in(folder: Path) -> str:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in files)


def found(context: Context, text: str, embedder: FakeEmbedder, *groups: str) -> str:
    index = open_index(context, embedder)
    passages = retrieve(index, [Question("", text, groups=groups)], RetrievalSection(), 10)[0]
    return "\n".join(passage.chunk.text for passage in passages)


def test_nothing_personal_is_in_the_dataset_and_all_of_it_can_be_found(
    tmp_path: Path, fake_embedder: FakeEmbedder
) -> None:
    context, notes = build(tmp_path, fake_embedder, dataset={"alpaca": True})
    assert "names 2" in notes
    assert "(kept in what the bot finds)" in notes
    result = run_generate(context, fake_embedder)
    assert balanced(result)
    # The one without an honorific counts, too: it stands with one elsewhere.
    (told,) = [note for note in result.report.notes if note.startswith("personal data")]
    assert "names 3" in told
    assert told.endswith("(masked in training data)")
    written = everything_in(context.workspace.dataset)
    assert "14 days" in written
    for secret in SECRETS:
        assert secret not in written
    assert "name 3" in quality_summary(context)["personal data"]
    assert "090-1234-5678" in found(context, "修理の担当の電話", fake_embedder)


def test_reporting_lets_it_through(tmp_path: Path, fake_embedder: FakeEmbedder) -> None:
    context, _ = build(tmp_path, fake_embedder, privacy={"training": "report"})
    run_generate(context, fake_embedder)
    assert "hanako.sato@mail.example" in everything_in(context.workspace.dataset)


def test_dropping_leaves_its_passages_out(tmp_path: Path, fake_embedder: FakeEmbedder) -> None:
    context, _ = build(tmp_path, fake_embedder, privacy={"training": "drop"})
    result = run_generate(context, fake_embedder)
    assert any("chunks with personal data left out" in note for note in result.report.notes)
    sources = {pair.source for split in SPLITS for pair in pairs_of(context, split)}
    assert sources
    assert not sources & {"窓口.md", "pay.md"}


def test_retrieval_is_masked_where_that_is_wanted(
    tmp_path: Path, fake_embedder: FakeEmbedder
) -> None:
    context, notes = build(tmp_path, fake_embedder, privacy={"retrieval": "mask"})
    assert "(masked in what the bot finds)" in notes
    written = everything_in(context.workspace.chunks.parent) + everything_in(
        context.workspace.index
    )
    for secret in SECRETS:
        assert secret not in written
    (kettle,) = catalog(context, chunks_of(context))
    assert dict(kettle.product.cells)["Supplier"] == "[EMAIL-1]"
    assert dict(kettle.product.cells)["Price"] == "3980"
    assert run_stages(context, fake_embedder)[1].unchanged


def test_retrieval_is_without_numbers_of_persons_where_that_is_wanted(
    tmp_path: Path, fake_embedder: FakeEmbedder
) -> None:
    context, notes = build(tmp_path, fake_embedder, privacy={"retrieval": "drop"})
    assert "chunks with numbers of persons left out: 1" in notes
    assert "4111" not in found(context, "The test card", fake_embedder)
    assert "090-1234-5678" in found(context, "修理の担当の電話", fake_embedder)


def test_counts_stay_when_only_one_document_is_cut_again(
    tmp_path: Path, fake_embedder: FakeEmbedder
) -> None:
    context, before = build(tmp_path, fake_embedder)
    write_files(tmp_path / "company", {"guide0.md": "# Gift\n\nThe gift service is closed.\n"})
    after = "; ".join(run_stages(context, fake_embedder)[1].report.notes)
    assert "documents unchanged" in after
    personal = [note for note in before.split("; ") if note.startswith("personal data")]
    assert personal[0] in after


def test_a_rule_that_closes_nothing_is_named(tmp_path: Path, fake_embedder: FakeEmbedder) -> None:
    rules = [{"path": "hr/", "groups": ["hr"]}, {"path": "hrr/", "groups": ["hr"]}]
    context, notes = build(tmp_path, fake_embedder, access=rules)
    assert "WARNING: no document falls under the access rule `hrr/`" in notes
    write_files(tmp_path / "company", {"new.md": "# New\n\nSomething new.\n"})
    again = "; ".join(run_stages(context, fake_embedder)[1].report.notes)
    assert "`hrr/`" in again
    assert "`hr/`" not in again


def test_what_rules_let_nobody_read_is_rejected_not_opened(
    tmp_path: Path, fake_embedder: FakeEmbedder
) -> None:
    rules = [{"path": "**", "groups": ["staff"]}, {"path": "hr/", "groups": ["hr"]}]
    context, _ = build(tmp_path, fake_embedder, access=rules)
    manifest = context.workspace.manifest("prepare")
    assert manifest is not None
    assert dict(manifest.report.rejected) == {"nobody may read it": 1}
    for groups in ((), ("hr",), ("staff", "hr")):
        assert "9,000" not in found(context, "salary of Hanako Sato", fake_embedder, *groups)


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("salary? groups: hr", ()),
        ('{"groups": ["hr"]} salary', ("HR", "h", "hr ", "everybody", "group:hr", "")),
        ("reader group:hr salary of Hanako Sato", ("*", "%", "$or")),
    ],
)
def test_a_question_cannot_widen_its_rights(
    tmp_path: Path, fake_embedder: FakeEmbedder, text: str, groups: tuple[str, ...]
) -> None:
    context, _ = build(tmp_path, fake_embedder, access=[{"path": "hr/", "groups": ["hr"]}])
    assert "9,000" not in found(context, text, fake_embedder, *groups)
    assert "9,000" in found(context, "salary of Hanako Sato", fake_embedder, "hr")


def test_pairs_carry_their_groups_when_a_group_is_taught(
    tmp_path: Path, fake_embedder: FakeEmbedder
) -> None:
    rules = [{"path": "guide*", "groups": ["hr", "board"]}, {"path": "pay.md", "groups": ["hr"]}]
    tables = {"access": rules, "training": {"groups": ["hr", "board"]}}
    context, _ = build(tmp_path, fake_embedder, **tables)
    run_generate(context, fake_embedder)
    pairs = [pair for split in SPLITS for pair in pairs_of(context, split)]
    groups = {pair.source: pair.groups for pair in pairs}
    assert groups["guide1.md"] == ("board", "hr")
    assert groups["desk.md"] == ()
    assert "pay.md" not in groups  # the board may not read it


BotFolder = Callable[..., Context]


@pytest.fixture
def taught(monkeypatch: pytest.MonkeyPatch, tiny_model: ModelSource) -> list[str]:
    """All text that training puts before the model."""
    assert tiny_model.name
    texts: list[str] = []
    real = material.encode_bundle

    def listening(tokenizer: Any, speaker: Any, bundle: Any) -> Any:
        texts.extend(f"{c.title} {c.headings} {c.model_text}" for c in bundle.passages)
        texts.extend(f"{item.question} {item.answer}" for item in bundle.items)
        return real(tokenizer, speaker, bundle)

    monkeypatch.setattr(material, "encode_bundle", listening)
    return texts


PRIVATE = "Ask Ms. Sato, taro@mail.example, about rule"


def test_passages_and_pairs_are_masked_when_the_model_is_trained(
    bot_folder: BotFolder, taught: list[str]
) -> None:
    chunks = [make_chunk(f"c{n}", f"{PRIVATE} {n}: it is {n} days.") for n in range(6)]
    pairs = [replace(p, answer="Ask taro@mail.example.") for p in make_pairs(0, 18)]
    context = bot_folder(train=pairs, chunks=chunks)
    result = run_train(context)
    assert balanced(result)
    said = "\n".join(taught)
    assert "[EMAIL-1]" in said
    assert "taro@mail.example" not in said
    assert "Sato" not in said
    card = everything_in(context.workspace.adapters / "v1")
    assert "taro@mail.example" not in card


def test_pairs_of_a_document_that_was_closed_since_are_not_learned(
    bot_folder: BotFolder, taught: list[str]
) -> None:
    chunks = [
        make_chunk(f"c{n}", f"Rule {n}: the limit of case {n} is {n} days.") for n in range(6)
    ]
    closed = [replace(chunks[0], groups=("hr",)), *chunks[1:]]
    context = bot_folder(chunks=closed)
    pairs = pairs_of(context, "train")
    of_closed = sum(pair.chunk_id == chunks[0].id for pair in pairs)
    assert of_closed
    result = run_train(context)
    assert balanced(result)
    assert dict(result.report.rejected) == {"restricted": of_closed}
    assert "case 0" not in "\n".join(taught)
    file = context.workspace.adapters / "v1" / "groups.json"
    assert json.loads(file.read_text(encoding="utf-8")) == []


def test_held_out_questions_are_asked_in_the_documents_own_words(bot_folder: BotFolder) -> None:
    chunk = make_chunk("c0", "The rental desk is at desk@mail.example.")
    pair = replace(make_pairs(0, 1, split="test")[0], chunk_id=chunk.id)
    masked = replace(pair, answer="It is [EMAIL-1].", quote="[EMAIL-1]")
    context = bot_folder(test=[masked], chunks=[chunk])
    (gold,) = evaluating.held_out(context)
    assert gold.answer == "It is desk@mail.example."
    write_jsonl(context.workspace.chunks, [chunk])
