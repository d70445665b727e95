"""`demo`: the sample company, end to end, on the embedded default."""

from __future__ import annotations

import argparse
from pathlib import Path

from builder import pipeline
from builder.bot.service import open_bot
from builder.cli.ask import answer_text
from builder.cli.evaluate import show_evaluation
from builder.cli.summary import show_rejections
from builder.cli.terminal import Terminal
from builder.config_file import Values, make_config
from builder.errors import UsageError
from builder.records import Question
from builder.stages.context import Context
from builder.workspace import Workspace

BOT: Values = {
    "bot": {
        "name": "Kayanomi Guide",
        "purpose": "answer questions about Kayanomi's kitchen appliances, services and rules",
    },
    # The company's own desks: what they answer is public.
    "privacy": {"keep": ["*@kayanomi.example.com", "03-0000-*", "+81-3-0000-*"]},
    # Few steps, for a demonstration, and as many on a slow machine; in bot.toml, so that a later
    # command doesn't train anew.
    "training": {"epochs": 2.0, "replay_share": 0.2, "validations": 3},
    "evaluation": {"questions": 20},
    "dataset": {"max_pairs": 500, "wordings": 4},
}
QUESTIONS = (
    "How many days do I have to return an unused product?",
    "K-210の容量はどれくらいですか？",
    "What is the minimum length of a password?",
)


def demo(options: argparse.Namespace) -> int:
    """Build the sample company's bot, show the comparison, and answer three questions."""
    company = _samples(options.samples) / "company"
    terminal = Terminal()
    workspace = Workspace(options.out)
    terminal.say(f"Building the bot of the sample company in {options.out} (about ten minutes) …")
    with workspace.lock():
        config = make_config(workspace, [str(company)], None, BOT)
        context = Context(workspace, config, terminal)
        evaluation = pipeline.build(context, terminal.stage, train=True)
    if evaluation is not None:
        show_evaluation(terminal, evaluation, workspace)
    bot = open_bot(options.out, terminal.say)
    for number, text in enumerate(QUESTIONS, 1):
        print(f"\nQ: {text}\nA: {answer_text(bot.ask(Question(str(number), text)))}")
    out = options.out
    print(
        f"\nNext:\n  monoshiri ui {out}              the chat page, in a browser\n"
        f'  monoshiri ask {out} "…"         a question of yours\n'
        "  monoshiri build YOUR_FOLDER --out my-bot   a bot for your own documents"
    )
    return show_rejections(context)


def _samples(named: Path | None) -> Path:
    """The samples folder: it stands beside the packages in a clone, and is not in the wheel."""
    places = [named] if named else [Path(__file__).parents[2] / "samples", Path("samples")]
    for place in places:
        if (place / "company").is_dir():
            return place
    raise UsageError(
        "the sample company is not here; it comes with the repository, not with the package.",
        str(places[0]),
        "Run the demo in a clone, or name its folder with --samples.",
    )
