"""`chat`: a conversation in the terminal."""

from __future__ import annotations

import argparse
import sys

from builder.bot.service import open_bot
from builder.cli.ask import answer_text
from builder.cli.terminal import Terminal, harmless
from builder.records import Message, Question


def chat(options: argparse.Namespace) -> int:
    """Ask until the input ends. Enter alone, Ctrl-D or /quit ends it."""
    bot = open_bot(options.bot, Terminal().say)
    print(f"{bot.name}. An empty line ends the conversation.", file=sys.stderr)
    history: list[Message] = []
    number = 0
    while True:
        try:
            text = input("> ").strip()
        except EOFError:
            return 0
        if text in ("", "/quit"):
            return 0
        number += 1
        question = Question(str(number), text, tuple(history), tuple(options.group))
        answer = bot.ask(question, options.arm)
        print(harmless(answer_text(answer)))
        history += [Message("user", text), Message("assistant", answer.answer)]
