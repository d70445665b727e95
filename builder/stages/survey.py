"""What the sources offer now, beside what the last import knew: what has to be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from builder.stages.context import Context
from builder.stages.ledger import Ledger, Record, is_current
from builder.stages.sources import openers
from connectors.errors import SourceError
from connectors.item import Item, renamed
from connectors.records import Rejection
from connectors.sources import Source

UNREACHABLE = "unreachable"
NOTHING = re.compile(r"(?!)")
MOST_LOST = 1  # documents that may vanish at once before an empty source counts as down


@dataclass(frozen=True, slots=True)
class Fresh:
    """An item that is new, or may have changed."""

    item: Item
    origin: str
    """Name of its source."""


Entry = Record | Fresh | Rejection


@dataclass(slots=True)
class Survey:
    """Everything that there is, in the order of the sources."""

    entries: list[Entry] = field(default_factory=list)
    kept: int = 0
    """Items with documents that need no reading."""
    passed_over: list[str] = field(default_factory=list)
    """Sources that were not looked at."""


def limits_of(context: Context) -> str:
    """The limits that an item is read under, as one word for the ledger."""
    config = context.config.sources
    return f"{config.seconds_per_file} {config.memory_mb}"


def survey(context: Context, known: Ledger, pass_over: re.Pattern[str] = NOTHING) -> Survey:
    """Look at every source but those whose name `pass_over` matches. What one can't show now stays
    as it was at the last import, with a Rejection that says so; raises SourceError where there is
    nothing of it to keep."""
    found = Survey()
    seen: set[str] = set()
    limits = limits_of(context)
    for origin, open_it in _named(openers(context.config, context.workspace)):
        if pass_over.match(origin):
            found.passed_over.append(origin)
            found.entries += [r for r in known.values() if r.origin == origin]
            continue
        first = len(found.entries)
        hidden: list[str] = []
        down: SourceError | None = None
        try:
            for item in _items(open_it(), seen):
                _note(found, item, origin, known, limits)
                if isinstance(item, Rejection) and _hides_others(item):
                    hidden.append(item.source)
        except SourceError as error:
            down = error
        absent = [r for r in known.values() if r.origin == origin and r.item not in seen]
        nothing = len(found.entries) == first
        if down is None and nothing and len(absent) > MOST_LOST:
            down = SourceError("There is nothing in it any more.", origin, _EMPTIED)
        if down is not None:
            if nothing and not absent:
                raise down
            found.entries.append(_down(origin, down, absent))
        held = [r for r in absent if down or r.item.startswith(tuple(hidden))]
        found.entries += held
        seen.update(record.item for record in held)
    return found


def _note(found: Survey, item: Item | Rejection, origin: str, known: Ledger, limits: str) -> None:
    if isinstance(item, Rejection):
        found.entries.append(item)
        return
    record = known.get(item.source)
    if record is not None and is_current(record, item, limits):
        found.entries.append(record)
        found.kept += bool(record.documents)
    else:
        found.entries.append(Fresh(item, origin))


def _hides_others(rejection: Rejection) -> bool:
    """Whether it is a folder that can't be looked into, which says nothing of what is in it."""
    return rejection.reason == "unreadable" and rejection.source[-1:] in ("/", "")


_EMPTIED = "Connect it again; if you emptied it on purpose, take it out of `sources.paths`."


def _down(origin: str, error: SourceError, absent: list[Record]) -> Rejection:
    count = sum(len(record.documents) for record in absent)
    stays = f"What was imported from it before stays ({count} documents)."
    return Rejection(origin, UNREACHABLE, f"{error.what} {stays} {error.remedy}".strip())


def _named(
    sources: list[tuple[str, Callable[[], Source]]],
) -> Iterator[tuple[str, Callable[[], Source]]]:
    """Each source with a name of its own, without what an address may hold of a login."""
    names: set[str] = set()
    for given, open_it in sources:
        name = re.sub(r"//[^/@]*@", "//", given)
        while name in names:
            name += " (2)"
        names.add(name)
        yield name, open_it


def _items(source: Source, seen: set[str]) -> Iterator[Item | Rejection]:
    """Every item; where two sources have the same path, the later one's is put under its source's
    name."""
    for item in source.items():
        name = item.source
        if name in seen:
            name = f"{source.name}/{name}"
        while name in seen:
            name += " (2)"
        seen.add(name)
        yield renamed(item, name)
