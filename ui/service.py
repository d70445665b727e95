"""The bot and its chats, opened once for all users of the server."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from builder.bot.store import ChatStore
from builder.workspace import Workspace

if TYPE_CHECKING:
    from builder.bot.service import Bot

MOST_EXAMPLES = 3


@dataclass(frozen=True)
class Service:
    """What the page needs: answers, chats, example questions, and one answer at a time."""

    bot: Bot
    store: ChatStore
    examples: tuple[str, ...]
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def busy(self) -> bool:
        """Whether somebody's question is being answered."""
        return self._turn.locked()

    @contextmanager
    def my_turn(self) -> Iterator[None]:
        """Wait until the model is free: two answers at once on the same cores would both be
        slower, and a model whose adapter is switched between them would mix them up."""
        with self._turn:
            yield


@st.cache_resource(show_spinner=False)
def open_service(folder: str) -> Service:
    """The bot in `folder`. Raises MonoshiriError with a sentence for the user."""
    from builder.bot.service import open_bot

    workspace = Workspace(Path(folder))
    workspace.require()
    return Service(
        bot=open_bot(workspace.root),
        store=ChatStore(workspace.database),
        examples=_examples(workspace.reports / "examples.json"),
    )


def _examples(path: Path) -> tuple[str, ...]:
    """Questions to start with; a missing or odd file only means that the page shows none."""
    try:
        questions = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ()
    if not isinstance(questions, list):
        return ()
    return tuple(q for q in questions if isinstance(q, str) and q.strip())[:MOST_EXAMPLES]
