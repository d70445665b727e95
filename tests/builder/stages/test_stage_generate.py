"""The dataset of a small company, made with the real generators."""

from __future__ import annotations

from pathlib import Path

import pytest
from builder_fakes import FakeEmbedder
from stage_case import COMPANY, balanced, chunks_of, make_context, run_stages, write_files

from builder.bot.store import ChatStore
from builder.errors import StageMissing
from builder.jsonl import read_jsonl
from builder.records import PHRASING, SPLITS, Answer, Passage, RejectedPair
from builder.stages.context import Context
from builder.stages.generating import pairs_of, quality_summary, retrieved, run_generate

MORE = {
    f"guide{number}.md": (
        f"# {topic} service\n\nThe {topic.lower()} service takes {number + 3} days. Customers must"
        f" show the receipt.\n\n## Cost\n\nThe {topic.lower()} service costs {number + 2}0 euros.\n"
    )
    for number, topic in enumerate(["Repair", "Rental", "Delivery", "Cleaning", "Gift", "Storage"])
}


@pytest.fixture
def context(tmp_path: Path, fake_embedder: FakeEmbedder) -> Context:
    company = write_files(tmp_path / "company", {**COMPANY, **MORE})
    rules = [{"path": "hr/", "groups": ["hr"]}]
    context = make_context(tmp_path / "bot", company, access=rules, dataset={"alpaca": True})
    run_stages(context, fake_embedder)
    return context


def test_pairs_are_complete_apart_and_open_to_all(
    context: Context, fake_embedder: FakeEmbedder
) -> None:
    result = run_generate(context, fake_embedder)
    assert balanced(result)
    assert result.report.made > 0
    pairs = {split: pairs_of(context, split) for split in SPLITS}
    pairs[PHRASING] = pairs_of(context, PHRASING)
    everything = [pair for group in pairs.values() for pair in group]
    rejected = list(read_jsonl(RejectedPair, context.workspace.dataset / "rejected.jsonl"))
    assert len(everything) == result.report.made
    assert len(everything) + len(rejected) == result.report.taken
    restricted = {chunk.id for chunk in chunks_of(context) if chunk.groups}
    assert restricted
    used = {pair.chunk_id for pair in [*everything, *(item.pair for item in rejected)]}
    assert not used & restricted
    whole = "".join(p.read_text(encoding="utf-8") for p in context.workspace.dataset.rglob("*.*"))
    assert "9,000" not in whole
    for one, other in (("train", "test"), ("train", "validation"), ("validation", "test")):
        assert not {p.question for p in pairs[one]} & {p.question for p in pairs[other]}
    assert {p.id for p in everything if p.answerable and not p.augmentation} <= set(
        retrieved(context)
    )
    assert quality_summary(context)["pairs"] == str(len(everything))
    assert (context.workspace.dataset / "alpaca/train.jsonl").exists()


def test_an_answer_from_restricted_documents_is_learned_by_nobody(
    context: Context, fake_embedder: FakeEmbedder
) -> None:
    chunks = chunks_of(context)
    open_one = next(chunk for chunk in chunks if not chunk.groups and "Repair" in chunk.text)
    restricted = next(chunk for chunk in chunks if chunk.groups)
    store = ChatStore(context.workspace.database)
    for number, shown in enumerate(([open_one], [open_one, restricted])):
        answer = Answer(
            f"a{number}", f"How long does repair number {number} take?",
            "The repair service takes 3 days.", False, (), True, "rag", 0.1, 0, 0,
            passages=tuple(Passage(chunk, 1.0, 0.9, 1.0) for chunk in shown),
        )  # fmt: skip
        chat = store.new_conversation("hr-person", "Repairs")
        turn = store.add_turn(chat.id, "hr-person", answer)
        store.rate(turn.id, "hr-person", 1)
    result = run_generate(context, fake_embedder)
    pairs = [pair for split in SPLITS for pair in pairs_of(context, split)]
    rejected = read_jsonl(RejectedPair, context.workspace.dataset / "rejected.jsonl")
    taken = {p.question for p in [*pairs, *(item.pair for item in rejected)]}
    assert "How long does repair number 0 take?" in taken
    assert "How long does repair number 1 take?" not in taken
    assert any("1 rated answers left out" in note for note in result.report.notes)


def test_a_second_run_does_nothing_and_a_forced_one_gives_the_same(
    context: Context, fake_embedder: FakeEmbedder
) -> None:
    first = run_generate(context, fake_embedder)
    again = run_generate(context, fake_embedder)
    assert again.unchanged
    assert again.report == first.report
    files = {p: p.read_bytes() for p in context.workspace.dataset.rglob("*") if p.is_file()}
    (context.workspace.root / "manifests/generate.json").unlink()
    assert not run_generate(context, fake_embedder).unchanged
    assert {p: p.read_bytes() for p in files} == files


def test_it_needs_the_index(tmp_path: Path, fake_embedder: FakeEmbedder) -> None:
    context = make_context(tmp_path / "bot", tmp_path)
    with pytest.raises(StageMissing):
        run_generate(context, fake_embedder)
    with pytest.raises(StageMissing, match="monoshiri generate"):
        pairs_of(context, "train")
