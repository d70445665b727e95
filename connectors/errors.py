"""Errors that a user can act on.

Every error that reaches a person is a `MonoshiriError`: it says what happened, to which item,
and what to do next. Library errors are translated at the boundary where they arise (`raise …
from exc`).

- MonoshiriError
  - SourceError          a whole source can't be read (folder missing, not permitted)
  - UnreadableFile       one file can't be read; the rest of the source goes on
  - PluginError          a package that brings a source or format can't be used
"""

from __future__ import annotations


class MonoshiriError(Exception):
    """What happened (`what`), to which `item`, and what to do about it (`remedy`)."""

    exit_status = 1

    def __init__(self, what: str, item: str = "", remedy: str = "") -> None:
        self.what = what
        self.item = item
        self.remedy = remedy
        super().__init__(str(self))

    def __str__(self) -> str:
        head = f"{self.item}: {self.what}" if self.item else self.what
        return f"{head} {self.remedy}".strip()


class SourceError(MonoshiriError):
    """A whole source can't be read."""

    def __reduce__(self) -> tuple[type[SourceError], tuple[str, str, str]]:
        # Raised in worker processes too; the default pickling of exceptions passes one argument.
        return (type(self), (self.what, self.item, self.remedy))


class UnreadableFile(MonoshiriError):
    """One file can't be read. `reason` is a short stable word for counting (see `Rejection`)."""

    def __init__(self, reason: str, what: str, item: str = "", remedy: str = "") -> None:
        self.reason = reason
        super().__init__(what, item, remedy)

    def __reduce__(self) -> tuple[type[UnreadableFile], tuple[str, str, str, str]]:
        # Readers run in worker processes; the default pickling of exceptions passes one argument.
        return (type(self), (self.reason, self.what, self.item, self.remedy))


class PluginError(MonoshiriError):
    """A package that brings a source or format can't be used."""
