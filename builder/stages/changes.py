"""What an import changed, document by document: documents/changes.jsonl."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from builder.jsonl import read_jsonl
from builder.stages.ledger import Record, Written
from builder.workspace import Workspace

Kind = Literal["new", "changed", "renamed", "gone"]
KINDS: tuple[Kind, ...] = ("new", "changed", "renamed", "gone")


@dataclass(frozen=True, slots=True)
class Change:
    """One document that is not what it was at the import before."""

    kind: Kind
    source: str
    """Its name; of one that is gone, the name that it had."""
    was: str = ""
    """The name before, of one that was renamed."""


def changes_between(old: Iterable[Record], new: Iterable[Record]) -> list[Change]:
    """By kind, then in the order of the documents. A new name whose content is that of a name that
    is gone is a renamed document."""
    before = {w.source: w for record in old for w in record.documents}
    after = {w.source: w for record in new for w in record.documents}
    gone = {source: None for source in before if source not in after}
    added = [w for source, w in after.items() if source not in before]
    renamed = dict(_renamed(added, [before[source] for source in gone]))
    for was in renamed.values():
        del gone[was]
    return [
        *(Change("new", w.source) for w in added if w.source not in renamed),
        *(
            Change("changed", source)
            for source, w in after.items()
            if source in before and w.line != before[source].line
        ),
        *(Change("renamed", source, was) for source, was in renamed.items()),
        *(Change("gone", source) for source in gone),
    ]


def _renamed(added: list[Written], gone: list[Written]) -> Iterator[tuple[str, str]]:
    """(new name, old name), each old name once; of several with the same content, one whose last
    part is the same comes first."""
    by_content: dict[str, list[str]] = {}
    for written in gone:
        by_content.setdefault(written.content, []).append(written.source)
    for written in added:
        names = by_content.get(written.content)
        if names:
            last = Path(written.source).name
            was = next((n for n in names if Path(n).name == last), names[0])
            names.remove(was)
            yield written.source, was


def changes_path(workspace: Workspace) -> Path:
    """Where the last import's changes are listed."""
    return workspace.documents.with_name("changes.jsonl")


def last_changes(workspace: Workspace) -> Iterator[Change]:
    """What the last import changed; nothing after a first one."""
    path = changes_path(workspace)
    return read_jsonl(Change, path) if path.exists() else iter(())
