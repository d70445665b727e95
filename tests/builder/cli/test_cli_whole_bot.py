"""From a folder to a bot that answers, by the commands alone, with the real embedded models."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import company
import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]  # the first test waits for a whole build

ANSWER_FIELDS = {
    "id",
    "question",
    "answer",
    "refused",
    "citations",
    "verified",
    "arm",
    "seconds",
    "prompt_tokens",
    "completion_tokens",
}
RETURNS_JA = "未使用の商品は何日以内に返品できますか？"


def source_texts() -> dict[str, str]:
    return {**company.DOCUMENTS, "catalogue.csv": company.CATALOGUE}


def check_citations(answer: dict[str, Any]) -> None:
    """Each names a file of the folder and quotes it word for word."""
    for citation in answer["citations"]:
        assert citation.keys() == {"source", "locator", "quote"}
        text = source_texts()[citation["source"].partition("#")[0]]
        if citation["source"].endswith(".md"):
            assert citation["quote"] in text


def test_building_says_what_became_of_everything_and_shows_the_comparison(built: Any) -> None:
    ended = built.ended
    assert ended.status == 0, ended.err
    stages = ("Import:", "Prepare:", "Index:", "Generate:", "Train:", "Evaluate:")
    places = [ended.err.index(stage) for stage in stages]
    assert places == sorted(places)
    assert not any(stage in ended.out for stage in stages)
    assert f"Import: {len(source_texts())} = {len(source_texts())} documents" in ended.err
    for arm in ("base", "few-shot", "rag", "tuned", "tuned+rag"):
        assert f"\n{arm} " in ended.out
    assert "Warning" not in ended.err
    assert (built.bot / "adapters" / "v1" / "adapter_model.safetensors").is_file()
    assert (built.bot / "reports" / "evaluation.html").is_file()


def test_a_second_build_does_nothing_and_says_so(built: Any, command: Callable[..., Any]) -> None:
    before = {path: path.stat().st_mtime_ns for path in (built.bot / "adapters").rglob("*")}
    again = command("build", built.sources, "--out", built.bot)
    assert again.status == 0
    for stage in ("Index", "Generate", "Train", "Evaluate"):
        assert f"{stage}: nothing changed" in again.err
    assert again.out == built.ended.out
    assert {path: path.stat().st_mtime_ns for path in (built.bot / "adapters").rglob("*")} == before


def test_one_question_is_answered_on_standard_output_as_json(
    built: Any, command: Callable[..., Any]
) -> None:
    ended = command("ask", built.bot, RETURNS_JA, "--json")
    assert ended.status == 0
    answer = json.loads(ended.out)
    assert answer.keys() == ANSWER_FIELDS
    assert answer["question"] == RETURNS_JA
    assert "14日" in answer["answer"]
    assert answer["verified"]
    assert not answer["refused"]
    assert [citation["source"] for citation in answer["citations"]] == ["返品規程.md"]
    check_citations(answer)


def test_one_question_is_answered_for_people(built: Any, command: Callable[..., Any]) -> None:
    ended = command("ask", built.bot, RETURNS_JA, "--arm", "rag")
    assert ended.status == 0
    answer, citation = ended.out.splitlines()
    assert "14日" in answer
    assert "返品規程.md" in citation


def test_a_file_of_questions_keeps_order_and_ids(
    built: Any, command: Callable[..., Any], tmp_path: Path
) -> None:
    history = [
        {"role": "user", "content": "How long is the warranty for kettles?"},
        {"role": "assistant", "content": "24 months."},
    ]
    questions = [
        {"id": "z", "question": "Within how many days may unused goods be returned?"},
        {"id": 7, "question": RETURNS_JA, "groups": ["staff"]},
        {"id": "a", "question": "And for batteries?", "history": history, "extra": 1},
        {"id": "u", "question": "Wer war im Jahr 1871 König von Bayern?"},
    ]
    asked, written = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    asked.write_text("\n".join(json.dumps(q) for q in questions) + "\n\n", encoding="utf-8")
    ended = command("ask", built.bot, "--questions", asked, "--out", written)
    assert ended.status == 0, ended.err
    assert ended.out == ""
    answers = [json.loads(line) for line in written.read_text(encoding="utf-8").splitlines()]
    assert [answer["id"] for answer in answers] == ["z", "7", "a", "u"]
    for answer, question in zip(answers, questions, strict=True):
        assert answer.keys() == ANSWER_FIELDS
        assert answer["question"] == question["question"]
        assert answer["refused"] or answer["citations"]
        check_citations(answer)
    assert "14 days" in answers[0]["answer"]
    assert answers[2]["citations"][0]["source"] == "warranty.md"
    assert answers[3]["refused"]
    assert "help@example.com" in answers[3]["answer"]


def test_passages_are_retrieved_with_their_place_and_verbatim_text(
    built: Any, command: Callable[..., Any], tmp_path: Path
) -> None:
    ended = command("retrieve", built.bot, "How long must a password be?", "-k", "2", "--json")
    assert ended.status == 0
    found = json.loads(ended.out)
    assert found.keys() == {"id", "question", "passages"}
    assert len(found["passages"]) == 2
    first = found["passages"][0]
    assert first.keys() == {"source", "locator", "text", "score"}
    assert first["source"] == "security.md"
    assert "12 characters" in first["text"]
    assert first["text"] in company.DOCUMENTS["security.md"]

    shown = command("retrieve", built.bot, "What does the K-310 weigh?", "-k", "1")
    assert shown.out.startswith("[1] catalogue.csv")
    assert "1.5 kg" in shown.out

    asked, written = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    lines = [{"id": str(n), "question": q} for n, q in enumerate(("visa?", RETURNS_JA))]
    asked.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    many = command("retrieve", built.bot, "--questions", asked, "--out", written)
    assert (many.status, many.out) == (0, "")
    rows = [json.loads(line) for line in written.read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in rows] == ["0", "1"]
    assert rows[1]["passages"][0]["source"] == "返品規程.md"


def test_the_adapter_is_taken_away(built: Any, command: Callable[..., Any], tmp_path: Path) -> None:
    ended = command("export", built.bot, "--to", tmp_path / "taken")
    assert ended.status == 0, ended.err
    files = [Path(line) for line in ended.out.splitlines()]
    assert all(file.is_file() for file in files)
    config = json.loads((tmp_path / "taken" / "adapter_config.json").read_text())
    assert config["base_model_name_or_path"] == "HuggingFaceTB/SmolLM2-135M-Instruct"


@pytest.mark.parametrize("form", ["chat", "alpaca"])
def test_the_dataset_is_taken_away(
    built: Any, command: Callable[..., Any], tmp_path: Path, form: str
) -> None:
    ended = command("export", built.bot, "--to", tmp_path / "data", "--format", form)
    assert ended.status == 0
    assert len(ended.out.splitlines()) == 3
    lines = (tmp_path / "data" / "train.jsonl").read_text(encoding="utf-8").splitlines()
    assert lines
    key = "messages" if form == "chat" else "instruction"
    assert all(key in json.loads(line) for line in lines)


def test_the_status_shows_each_stage_and_what_is_stale(
    built: Any, command: Callable[..., Any]
) -> None:
    ended = command("status", built.bot)
    assert ended.status == 0
    for stage in ("import", "prepare", "index", "generate", "train", "evaluate"):
        assert any(
            line.split()[:1] == [stage] and "not done" not in line
            for line in ended.out.splitlines()
        )
    assert "v1" in ended.out
    assert "stale" not in ended.out

    extra = built.sources / "new.md"
    extra.write_text("# New\n\nA new rule applies from 1 May.\n", encoding="utf-8")
    try:
        assert "stale: 1 " in command("status", built.bot).out
    finally:
        extra.unlink()


def test_own_questions_are_evaluated(
    built: Any, command: Callable[..., Any], tmp_path: Path
) -> None:
    line = {"id": "1", "question": RETURNS_JA, "answer": "14日以内です。", "answers": ["14日"]}
    file = tmp_path / "mine.jsonl"
    file.write_text(json.dumps({**line, "source": "返品規程.md"}), encoding="utf-8")
    ended = command("evaluate", built.bot, "--questions", file)
    assert ended.status == 0, ended.err
    assert "tuned+rag" in ended.out
    report = built.bot / "reports" / "mine" / "evaluation.json"
    assert json.loads(report.read_text(encoding="utf-8"))


def test_a_conversation_ends_with_an_empty_line(
    built: Any, command: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = iter([RETURNS_JA, "返品の送料はいくらですか？", ""])
    monkeypatch.setattr("builtins.input", lambda _: next(lines))
    ended = command("chat", built.bot)
    assert ended.status == 0
    assert "14日" in ended.out
    assert "800円" in ended.out


def test_a_file_that_can_not_be_read_is_named_and_the_status_is_one(
    built: Any, command: Callable[..., Any]
) -> None:
    broken = built.sources / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7 nothing follows")
    try:
        ended = command("import", built.bot)
        assert ended.status == 1
        assert "broken.pdf" in ended.err
        assert "Traceback" not in ended.err
        assert ended.out == ""
    finally:
        broken.unlink()
        assert command("import", built.bot).status == 0


def test_an_arm_without_its_adapter_is_a_wrong_usage(
    built: Any, command: Callable[..., Any]
) -> None:
    adapters = built.bot / "adapters"
    adapters.rename(built.bot / "elsewhere")
    try:
        ended = command("ask", built.bot, "Hello?", "--arm", "tuned")
        assert ended.status == 2
        assert "monoshiri train" in ended.err
        assert command("export", built.bot, "--to", built.bot / "x").status == 1
    finally:
        (built.bot / "elsewhere").rename(adapters)
