"""The dataset's teacher: many passages asked about at once, within a budget, each only once.

Replies are kept in a file by what was asked, so a run that was stopped goes on where it was, and a
second one pays for nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

from builder.config import TeacherSection
from builder.models.chat_model import open_chat_model
from builder.models.endpoint import Endpoint, Reply
from builder.records import Message

MILLION = 1_000_000


class TeacherModel(Protocol):
    """Something that answers one conversation; several threads may ask."""

    @property
    def name(self) -> str: ...

    def reply(self, messages: Sequence[Message]) -> Reply: ...


class Teacher:
    """Asks a model many things, and counts what it costs."""

    def __init__(self, model: TeacherModel, settings: TeacherSection, kept: Path) -> None:
        self.settings = settings
        self._model = model
        self._file = kept
        self._known = dict(_read(kept))
        self.read_tokens = 0
        self.written_tokens = 0
        self.unasked = 0
        """Conversations for which the budget had nothing left."""

    @property
    def cost(self) -> float:
        """Money spent in this run, in the currency of the prices."""
        settings = self.settings
        spent = self.read_tokens * settings.price_in + self.written_tokens * settings.price_out
        return spent / MILLION

    def complete_many(self, conversations: Sequence[Sequence[Message]]) -> Iterator[str]:
        """One reply a conversation, in their order; empty once the budget is spent.

        Raises ModelUnavailable when the model keeps failing; what it said before is kept.
        """
        with ThreadPoolExecutor(self.settings.parallel) as pool:
            for start in range(0, len(conversations), self.settings.parallel):
                yield from self._batch(conversations[start : start + self.settings.parallel], pool)

    def _batch(
        self, conversations: Sequence[Sequence[Message]], pool: ThreadPoolExecutor
    ) -> list[str]:
        keys = [self._key(messages) for messages in conversations]
        wanted = {k: m for k, m in zip(keys, conversations, strict=True) if k not in self._known}
        if wanted and self._spent():
            self.unasked += sum(key in wanted for key in keys)
        elif wanted:
            running = {key: pool.submit(self._model.reply, m) for key, m in wanted.items()}
            faults = []
            for key, future in running.items():
                if fault := future.exception():
                    faults.append(fault)
                else:
                    self._keep(key, future.result())
            if faults:
                raise faults[0]
        return [self._known.get(key, "") for key in keys]

    def _spent(self) -> bool:
        limit = self.settings.max_cost
        tokens = self.read_tokens + self.written_tokens
        return tokens >= self.settings.max_tokens or bool(limit and self.cost >= limit)

    def _keep(self, key: str, reply: Reply) -> None:
        self._known[key] = reply.text
        self.read_tokens += reply.prompt_tokens
        self.written_tokens += reply.completion_tokens
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a", encoding="utf-8") as handle:
            handle.write(json.dumps({"key": key, "text": reply.text}, ensure_ascii=False) + "\n")
            handle.flush()
            os.fsync(handle.fileno())

    def _key(self, messages: Sequence[Message]) -> str:
        said = [[turn.role, turn.content] for turn in messages]
        return hashlib.sha256(json.dumps([self._model.name, said]).encode()).hexdigest()


def open_teacher(settings: TeacherSection, kept: Path) -> Teacher | None:
    """The configured teacher, or None. Its key comes from the environment only; replies are kept
    in the file `kept`."""
    if settings.chat_model:
        return Teacher(open_chat_model(settings.chat_model, settings.args), settings, kept)
    if not settings.url:
        return None
    key = os.environ.get(settings.api_key_env, "")
    return Teacher(Endpoint(settings, key), settings, kept)


def _read(path: Path) -> Iterator[tuple[str, str]]:
    """The replies that are kept. A line that a kill cut off is asked for again."""
    if not path.exists():
        return
    for line in path.read_text(encoding="utf-8").split("\n"):
        try:
            row = json.loads(line)
            yield str(row["key"]), str(row["text"])
        except (ValueError, KeyError, TypeError):
            continue
