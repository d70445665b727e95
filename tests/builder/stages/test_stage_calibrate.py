"""The scale of refusal, fitted to a small company's own documents."""

from __future__ import annotations

from pathlib import Path

import pytest
from builder_fakes import FakeEmbedder
from stage_case import balanced, make_context, run_stages, write_files

from builder.bot.refusal import FEWEST, USUAL_SCALE, read_scale
from builder.stages.calibrating import refusal_curve, run_calibrate
from builder.stages.context import Context
from builder.stages.generating import run_generate

TOPICS = ["Repair", "Rental", "Delivery", "Cleaning", "Gift", "Storage", "Engraving", "Assembly"]
GUIDES = {
    f"guide{number}.md": (
        f"# {topic} service\n\nThe {topic.lower()} service takes {number + 3} days. Customers must"
        f" show the {topic.lower()} receipt.\n\n## {topic} cost\n\nThe {topic.lower()} service "
        f"costs {number + 2}0 euros.\n\n## {topic} counter\n\nThe {topic.lower()} counter opens at "
        f"{number + 6} o'clock.\n"
    )
    for number, topic in enumerate(TOPICS)
}


def calibrated(tmp_path: Path, embedder: FakeEmbedder, files: dict[str, str]) -> Context:
    company = write_files(tmp_path / "company", files)
    context = make_context(tmp_path / "bot", company)
    run_stages(context, embedder)
    run_generate(context, embedder)
    return context


@pytest.fixture
def context(tmp_path: Path, fake_embedder: FakeEmbedder) -> Context:
    return calibrated(tmp_path, fake_embedder, GUIDES)


def test_questions_without_their_document_are_refused_more_often(
    context: Context, fake_embedder: FakeEmbedder
) -> None:
    result = run_calibrate(context, fake_embedder)
    assert balanced(result)
    assert result.report.made >= FEWEST
    curve = refusal_curve(context, fake_embedder.source.name)
    assert curve[0][1:] == (0.0, 0.0)
    assert curve[-1][1:] == (1.0, 1.0)
    assert max(right - wrong for _, right, wrong in curve) > 0.3
    scale = read_scale(context.workspace.index, fake_embedder.source.name)
    assert scale.centre != USUAL_SCALE.centre, "this embedder's cosines lie elsewhere"
    assert refusal_curve(context, "another embedder") == ()


def test_a_second_run_does_nothing_and_another_embedder_is_calibrated_anew(
    context: Context, fake_embedder: FakeEmbedder
) -> None:
    first = run_calibrate(context, fake_embedder)
    assert not first.unchanged
    file = context.workspace.index / "refusal.json"
    kept = file.read_bytes()
    assert run_calibrate(context, fake_embedder).unchanged
    file.unlink()
    assert not run_calibrate(context, fake_embedder).unchanged
    assert file.read_bytes() == kept


def test_a_single_document_can_not_be_hidden(tmp_path: Path, fake_embedder: FakeEmbedder) -> None:
    context = calibrated(tmp_path, fake_embedder, {"only.md": GUIDES["guide0.md"]})
    result = run_calibrate(context, fake_embedder)
    assert balanced(result)
    assert result.report.made == 0
    assert "usual scale" in result.report.notes[0]
    assert refusal_curve(context, fake_embedder.source.name) == ()
