"""The commands and their options; docs/commands.md describes every one (a test holds that)."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

ARM_NAMES = ("tuned+rag", "rag", "tuned", "few-shot", "base")


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The command and its options; exits with 2 on wrong usage."""
    return make_parser().parse_args(arguments)


def make_parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    parser = argparse.ArgumentParser(
        prog="monoshiri",
        description="From a folder of company documents to a tuned chatbot that cites its sources.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _building(commands)
    _asking(commands)
    _keeping(commands)
    for command in commands.choices.values():
        command.add_argument("--debug", action="store_true", help="show tracebacks")
    return parser


Commands = argparse._SubParsersAction


def _building(commands: Commands[argparse.ArgumentParser]) -> None:
    demo = commands.add_parser("demo", help="build the sample company's bot, and ask it")
    demo.add_argument("--out", type=Path, default=Path("demo-bot"), metavar="BOT")
    demo.add_argument("--samples", type=Path, metavar="DIR", help="the repository's samples folder")
    build = commands.add_parser("build", help="from sources to a tuned bot and its report")
    build.add_argument("sources", nargs="+", metavar="SOURCE", help="folder, file or web address")
    build.add_argument("--out", type=Path, required=True, metavar="BOT", help="the bot's folder")
    build.add_argument("--config", type=Path, metavar="F", help="a bot.toml to begin with")
    build.add_argument("--quick", action="store_true", help="a few minutes of training only")
    build.add_argument("--no-train", action="store_true", help="stop before training")
    stages = {
        "import": "read the sources again; only what changed",
        "index": "bring the index up to date",
        "generate": "write the question-answer pairs",
        "train": "fine-tune an adapter on the pairs",
        "evaluate": "compare the arms on questions never seen",
    }
    for name, text in stages.items():
        _bot(commands.add_parser(name, help=text))
    commands.choices["import"].add_argument(
        "--watch", action="store_true", help="keep following the sources, index included"
    )
    commands.choices["import"].add_argument(
        "--every",
        type=float,
        default=15.0,
        metavar="MINUTES",
        help="with --watch: how often sources are looked at that can't be followed",
    )
    train = commands.choices["train"]
    train.add_argument("--plan", action="store_true", help="what it would take; trains nothing")
    train.add_argument(
        "--search", type=float, metavar="MINUTES", help="try settings for so long; name the best"
    )
    commands.choices["evaluate"].add_argument(
        "--questions", type=Path, metavar="F", help="a JSONL file of questions with gold answers"
    )
    commands.choices["evaluate"].add_argument(
        "--gate",
        action="store_true",
        help="compare the newest adapter with the one in use; status 1 when it is worse",
    )
    commands.choices["evaluate"].add_argument(
        "--against", metavar="VERSION", help="with --gate: the adapter to compare with, as `v1`"
    )


def _asking(commands: Commands[argparse.ArgumentParser]) -> None:
    ask = _bot(commands.add_parser("ask", help="one question, or a file of them"))
    ask.add_argument("question", nargs="?")
    ask.add_argument("--arm", choices=ARM_NAMES, help="default: what bot.toml says")
    ask.add_argument("--json", action="store_true", help="print the answer as JSON")
    retrieve = _bot(commands.add_parser("retrieve", help="the passages for a question"))
    retrieve.add_argument("question", nargs="?")
    retrieve.add_argument("-k", type=int, default=5, metavar="N", help="how many passages")
    retrieve.add_argument("--json", action="store_true", help="print the passages as JSON")
    for command in (ask, retrieve):
        command.add_argument("--questions", type=Path, metavar="IN", help="JSONL file to ask")
        command.add_argument("--answers", "--out", dest="out", type=Path, metavar="OUT")
    chat = _bot(commands.add_parser("chat", help="talk to the bot in the terminal"))
    chat.add_argument("--arm", choices=ARM_NAMES)
    for command in (ask, retrieve, chat):
        command.add_argument(
            "--group", action="append", default=[], metavar="G", help="a group of the asker"
        )
    page = _bot(commands.add_parser("ui", help="serve the chat page"))
    page.add_argument("--port", type=int, default=8501)
    page.add_argument("--address", default="127.0.0.1", help="where to listen; local by default")


def _keeping(commands: Commands[argparse.ArgumentParser]) -> None:
    export = _bot(commands.add_parser("export", help="take the adapter, model or dataset away"))
    export.add_argument("--to", type=Path, required=True, metavar="DIR")
    export.add_argument(
        "--format",
        choices=("adapter", "merged", "gguf", "chat", "alpaca", "sharegpt", "parquet"),
        default="adapter",
        dest="form",
    )
    export.add_argument(
        "--group", action="append", default=[], metavar="G", help="also pairs for this group only"
    )
    review = _bot(commands.add_parser("review", help="the pairs as a sheet to edit, and back"))
    review.add_argument("--out", type=Path, metavar="FILE", help="write the sheet: .xlsx, .csv")
    review.add_argument("--in", type=Path, dest="taken", metavar="FILE", help="take it back")
    _bot(commands.add_parser("status", help="what is built, and what is stale"))
    commands.add_parser("doctor", help="what this machine can do, and what is missing")


def _bot(command: argparse.ArgumentParser) -> argparse.ArgumentParser:
    command.add_argument("bot", type=Path, metavar="BOT", help="the bot's folder")
    return command
