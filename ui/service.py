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
AT_ONCE = 10
"""Questions that are looked up and answered at the same time."""


@dataclass(frozen=True)
class Service:
    """What the page needs: answers, chats, example questions, and some answers at a time."""

    bot: Bot
    store: ChatStore
    examples: tuple[str, ...]
    _places: threading.Semaphore = field(
        default_factory=lambda: threading.BoundedSemaphore(AT_ONCE)
    )

    def busy(self) -> bool:
        """Whether so many questions are being answered that the next one waits."""
        free = self._places.acquire(blocking=False)
        if free:
            self._places.release()
        return not free

    @contextmanager
    def my_turn(self) -> Iterator[None]:
        """Wait for a place. Whoever has one may still wait in the model, in the order of coming:
        what more would only hold memory."""
        with self._places:
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
