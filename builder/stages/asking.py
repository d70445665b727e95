"""Asks the arms of an evaluation: in batches, with progress, and going on after a kill."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from builder.bot.service import Bot
from builder.errors import WorkspaceError
from builder.jsonl import read_jsonl, to_line
from builder.records import Answer, Arm, Question
from builder.stages.context import Context
from builder.workspace import write_text

BATCH = 32
ALONE = 8
"""So many questions are asked one at a time: their seconds are what one person waits."""


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as it is kept until the evaluation is complete."""

    arm: Arm
    answer: Answer


@dataclass(frozen=True, slots=True)
class Asking:
    """Who is asked what, and where answers are kept meanwhile."""

    questions: Sequence[Question]
    kept: Path
    mark: str
    """Answers kept under another mark are of another state of things, and are asked anew."""
    label: str = ""
    """Stands before the arm in lines of progress."""


class Asker:
    """Answers by question and arm; a whole arm is asked when its first answer is needed."""

    def __init__(self, context: Context, bot: Bot, asking: Asking) -> None:
        self.context, self.bot, self.asking = context, bot, asking
        self._answers: dict[Arm, dict[str, Answer]] = {}
        self._complete: set[Arm] = set()
        self._began = 0.0
        self._file = asking.kept.with_name(f"{asking.kept.name}.{asking.mark[:12]}.jsonl")
        self._take_up()

    @property
    def alone(self) -> frozenset[str]:
        """Ids of the questions that are asked one at a time."""
        return frozenset(question.id for question in self.asking.questions[:ALONE])

    def __call__(self, question: Question, arm: Arm) -> Answer:
        if arm not in self._complete:
            self._ask_all(arm)
            self._complete.add(arm)
        return self._answers[arm][question.id]

    def _take_up(self) -> None:
        """The answers of a run that was stopped, up to the batch that was not complete."""
        if not self._file.exists():
            return
        try:
            for given in read_jsonl(Given, self._file):
                self._answers.setdefault(given.arm, {})[given.answer.id] = given.answer
        except WorkspaceError:  # the last line of a run that was killed while it wrote
            pass
        known = [Given(arm, a) for arm, found in self._answers.items() for a in found.values()]
        write_text(self._file, "".join(to_line(given) + "\n" for given in known))
        if known:
            self.context.voice.say(f"  going on: {len(known)} answers are there already")

    def _ask_all(self, arm: Arm) -> None:
        answers = self._answers.setdefault(arm, {})
        left = [q for q in self.asking.questions if q.id not in answers]
        if not left:
            return
        if any(question.id in self.alone for question in left):
            self.bot.ask_many(left[:1], arm)  # loads the model: no part of what a person waits
        self._began, already = time.monotonic(), len(answers)
        for batch in self._batches(left):
            found = self._answered(batch, arm)
            answers.update({answer.id: answer for answer in found})
            self._keep(arm, found)
            self._show(arm, len(answers), len(answers) - already)

    def _answered(self, batch: Sequence[Question], arm: Arm) -> list[Answer]:
        if batch[0].id not in self.alone:
            return self.bot.ask_many(batch, arm)
        with self.bot.similarities.forgotten():  # or the arms asked later would wait less
            return self.bot.ask_many(batch, arm)

    def _batches(self, left: Sequence[Question]) -> list[Sequence[Question]]:
        single = [q for q in left if q.id in self.alone]
        rest = [q for q in left if q.id not in self.alone]
        cut = [rest[start : start + BATCH] for start in range(0, len(rest), BATCH)]
        return [*([question] for question in single), *cut]

    def _keep(self, arm: Arm, answers: Sequence[Answer]) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a", encoding="utf-8") as lines:
            lines.writelines(to_line(Given(arm, answer)) + "\n" for answer in answers)

    def _show(self, arm: Arm, count: int, fresh: int) -> None:
        of = len(self.asking.questions)
        left = (time.monotonic() - self._began) / fresh * (of - count)
        minutes = f", {int(left) // 60}:{int(left) % 60:02d} left" if count < of else ""
        name = f"{self.asking.label}{arm}"
        self.context.voice.progress(f"{name}: {count} of {of} answered{minutes}")


def kept_answers(context: Context, name: str) -> Path:
    """Where the answers of a run are kept until it is complete."""
    return context.workspace.reports / ".answers" / name


def clear_kept(kept: Path) -> None:
    """The run is complete: nothing has to be taken up any more."""
    for file in kept.parent.glob(f"{kept.name}.*.jsonl"):
        file.unlink(missing_ok=True)
