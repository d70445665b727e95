"""What the user sees: progress on standard error, results on standard output."""

from __future__ import annotations

import shutil
import sys
import time
import unicodedata

from builder.stages.context import StageResult

EVERY_SECONDS = 15.0  # how often progress is written where lines can't be replaced
VERBS = {
    "import": ("Import", "documents"),
    "prepare": ("Prepare", "documents cut"),
    "index": ("Index", "chunks indexed"),
    "generate": ("Generate", "pairs kept"),
    "calibrate": ("Calibrate", "questions tried"),
    "train": ("Train", "pairs learned from"),
    "evaluate": ("Evaluate", "answers"),
}


class Terminal:
    """Speaks on standard error."""

    def __init__(self) -> None:
        self.live = sys.stderr.isatty()
        self._shown = 0
        self._last = time.monotonic()

    def say(self, text: str) -> None:
        """One line that stays."""
        self._clear()
        print(harmless(text), file=sys.stderr, flush=True)

    def progress(self, text: str) -> None:
        """A line that the next one replaces; in a log, one now and then."""
        if self.live:
            self._clear()
            line = _cut(f"  {harmless(text)}", shutil.get_terminal_size().columns - 1)
            print(line, end="", file=sys.stderr, flush=True)
            self._shown = _width(line)
        elif time.monotonic() - self._last > EVERY_SECONDS:
            self._last = time.monotonic()
            print(f"  {harmless(text)}", file=sys.stderr, flush=True)

    def stage(self, result: StageResult) -> None:
        """A stage's account: in = out + rejected(reason)."""
        report = result.report
        name, what = VERBS.get(report.stage, (report.stage, "done"))
        if result.unchanged:
            self.say(f"{name}: nothing changed")
            return
        rejected = "".join(f" + {count} {reason}" for reason, count in report.rejected)
        notes = f" ({'; '.join(report.notes)})" if report.notes else ""
        account = f"{report.taken} = {report.made} {what}{rejected}"
        self.say(f"{name}: {account}{notes}, {report.seconds:.0f} s")

    def _clear(self) -> None:
        if self._shown:
            print("\r" + " " * self._shown + "\r", end="", file=sys.stderr)
            self._shown = 0


class Silent(Terminal):
    """Says nothing: another process speaks for this one."""

    def say(self, text: str) -> None:
        """Nothing."""

    def progress(self, text: str) -> None:
        """Nothing."""


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _cut(text: str, columns: int) -> str:
    while _width(text) > columns:
        text = text[:-1]
    return text


def harmless(text: str) -> str:
    """Without what would steer the terminal: names and texts may hold escape sequences, or turn the
    direction of writing."""
    return "".join(c if c.isprintable() or c in "\n\t\u3000" else "\ufffd" for c in text)
