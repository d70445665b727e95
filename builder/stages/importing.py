"""import: sources → documents/documents.jsonl and documents/rejected.jsonl.

Only what changed is read again. What was read is kept in a journal until all is complete, so that a
killed import goes on where it was; documents.jsonl is replaced at the end.
"""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from builder.config import Config
from builder.errors import UsageError
from builder.jsonl import read_jsonl
from builder.records import StageReport
from builder.stages import ledger
from builder.stages.changes import KINDS, Change, changes_between, changes_path
from builder.stages.context import Context, StageResult, counted, finish, seconds_since
from builder.stages.journal import Journal
from builder.stages.ledger import Known, Record
from builder.stages.lines import READ_LINES, Line
from builder.stages.sources import source_names
from builder.stages.survey import Entry, Fresh, Survey, limits_of, survey
from builder.workspace import fingerprint, write_jsonl
from connectors.errors import SourceError
from connectors.item import FileItem, content_hash
from connectors.records import Document, Rejection
from connectors.worker import read_items

WEBSITES = re.compile(r"https?://")


@dataclass(slots=True)
class _Result:
    """What all items became."""

    records: list[Record]
    rejected: list[Rejection]
    anew: set[str]
    """Items whose documents stand in the journal."""
    changes: list[Change]


def run_import(context: Context) -> StageResult:
    """Bring the documents up to date with the sources.

    Raises SourceError when a source can't be opened that nothing was imported from before, or when
    nothing at all could be imported; nothing is changed then.
    """
    began = time.monotonic()
    workspace = context.workspace
    if not source_names(context.config):
        raise UsageError(
            "no source is named.", str(workspace.config), "Set `sources.paths`, or use `build`."
        )
    known = ledger.load(workspace)
    found = survey(context, known.records)
    with Journal(workspace.documents.with_name("journal.jsonl")) as journal:
        _read(context, found, known, journal)
        result = _result(found, known, journal)
        made = sum(len(record.documents) for record in result.records)
        if not made:
            journal.remove()
            raise _nothing_imported(context.config, result.rejected)
        _write(context, result, known, journal)
        report = StageReport(
            stage="import",
            taken=made + len(result.rejected),
            made=made,
            rejected=counted(rejection.reason for rejection in result.rejected),
            seconds=seconds_since(began),
            notes=_notes(found, result.changes if known.records else []),
        )
        finished = finish(context, fingerprint(workspace.documents), report)
        journal.remove()
    return finished


def _read(context: Context, found: Survey, known: Known, journal: Journal) -> None:
    """Read what is fresh and not in the journal yet, and put it there."""
    config, limits = context.config.sources, limits_of(context)
    left: list[Fresh] = []
    for place, entry in enumerate(found.entries):
        if not isinstance(entry, Fresh):
            continue
        before = known.records.get(entry.item.source)
        done = journal.entries.get(entry.item.source)
        if before and _only_touched(entry, before, limits):
            found.entries[place] = replace(before, stamp=entry.item.stamp, origin=entry.origin)
            found.kept += bool(before.documents)
        elif done is None or not ledger.is_current(done.record, entry.item, limits):
            left.append(entry)
    outcomes = read_items(
        [entry.item for entry in left],
        seconds_per_file=config.seconds_per_file,
        memory_mb=config.memory_mb,
        read=READ_LINES,
    )
    for number, (entry, outcome) in enumerate(zip(left, outcomes, strict=True), 1):
        parts: tuple[object, ...] = outcome
        lines = [part for part in parts if isinstance(part, Line)]
        for note in (note for line in lines for note in line.told):
            context.voice.say(f"  {note}")
        faults = [part for part in parts if isinstance(part, Rejection)]
        reading = ledger.reading_of(entry.item, limits, [fault.reason for fault in faults])
        record = Record(
            item=entry.item.source,
            stamp=entry.item.stamp,
            origin=entry.origin,
            reading=reading,
            documents=tuple(line.written for line in lines),
            rejections=tuple(faults),
        )
        journal.add(record, [line.text for line in lines])
        context.voice.progress(f"{number} of {len(left)} files read")


def _only_touched(entry: Fresh, before: Record, limits: str) -> bool:
    """Whether a file has another time, but the content that it had."""
    item = entry.item
    if not isinstance(item, FileItem) or len(before.documents) != 1 or before.rejections:
        return False
    if not ledger.is_current(replace(before, stamp=item.stamp), item, limits):
        return False
    try:
        return content_hash(item.path) == before.documents[0].content
    except OSError:
        return False


def _result(found: Survey, known: Known, journal: Journal) -> _Result:
    """Every item's record, in the order of the sources."""
    result = _Result([], [], set(), [])
    for entry in found.entries:
        if isinstance(entry, Rejection):
            result.rejected.append(entry)
            continue
        record = _record(entry, known, journal)
        if isinstance(entry, Fresh) and record is journal.entries[entry.item.source].record:
            result.anew.add(record.item)
        result.records.append(record)
        result.rejected += record.rejections
    result.changes = changes_between(known.records.values(), result.records)
    return result


def _record(entry: Record | Fresh, known: Known, journal: Journal) -> Record:
    """What became of the item; one that the system doesn't let us read now keeps what it had."""
    if isinstance(entry, Record):
        return entry
    record = journal.entries[entry.item.source].record
    before = known.records.get(record.item)
    hindered = {rejection.reason for rejection in record.rejections} == {"unreadable"}
    if hindered and not record.documents and before and before.documents:
        faults = tuple(
            replace(fault, message=f"{fault.message} What was imported before stays.")
            for fault in record.rejections
        )
        return replace(record, stamp="", documents=before.documents, rejections=faults)
    return record


def _write(context: Context, result: _Result, known: Known, journal: Journal) -> None:
    """Put everything in place; documents.jsonl stays where all its lines would."""
    workspace = context.workspace
    write_jsonl(workspace.rejections, result.rejected)
    manifest = workspace.manifest("import")
    if result.changes or (manifest and manifest.fingerprint == fingerprint(workspace.documents)):
        listed = result.changes if known.records else []
        write_jsonl(changes_path(workspace), listed)
    before = [w.line for record in known.records.values() for w in record.documents]
    if before == [w.line for record in result.records for w in record.documents]:
        if list(known.records.values()) != result.records:
            ledger.replace_ledger(workspace, result.records, known.digest)
        return
    with contextlib.ExitStack() as stack:
        lines = _lines(result, known, journal, workspace.documents, stack)
        ledger.replace_documents(workspace, result.records, lines)


def _lines(
    result: _Result, known: Known, journal: Journal, path: Path, stack: contextlib.ExitStack
) -> Iterator[bytes]:
    """The lines of all documents: copied from the old file, or from the journal."""
    places: dict[str, int] = {}
    at = 0
    for record in known.records.values():
        places[record.item] = at
        at += _length(record)
    old = stack.enter_context(path.open("rb")) if places else None
    for record in result.records:
        if record.item in result.anew:
            yield journal.lines(journal.entries[record.item])
        elif old is not None and record.documents:
            old.seek(places[record.item])
            yield old.read(_length(record))


def _length(record: Record) -> int:
    return sum(written.length for written in record.documents)


def _notes(found: Survey, changes: Iterable[Change]) -> tuple[str, ...]:
    counts = dict(counted(change.kind for change in changes))
    words = {"gone": "no longer in the source"}
    notes = [f"{found.kept} unchanged"] if found.kept else []
    notes += [f"{counts[kind]} {words.get(kind, kind)}" for kind in KINDS if kind in counts]
    return tuple(notes)


def _nothing_imported(config: Config, rejected: list[Rejection]) -> SourceError:
    tried = [r for r in rejected if r.reason != "ignored"]
    reasons = ", ".join(f"{count} {reason}" for reason, count in counted(r.reason for r in tried))
    return SourceError(
        f"nothing could be imported ({reasons})." if tried else "there are no files in it.",
        ", ".join(source_names(config)),
        "Put documents into it (.md, .pdf, .docx, .xlsx, .csv, …), or name another folder.",
    )


def documents(context: Context) -> Iterator[Document]:
    """The imported documents."""
    context.workspace.need("import")
    return read_jsonl(Document, context.workspace.documents)


def rejections(context: Context) -> list[Rejection]:
    """What the last import left out; without what ignore rules name."""
    path = context.workspace.rejections
    if not path.exists():
        return []
    return [r for r in read_jsonl(Rejection, path) if r.reason != "ignored"]


@dataclass(frozen=True, slots=True)
class SourceChanges:
    """What an import would find now."""

    items: dict[str, list[str]]
    """Names of items by what became of them: `new`, `changed`, `gone`."""
    down: tuple[Rejection, ...]
    """Sources that can't be reached, with the reason."""
    passed_over: tuple[str, ...]
    """Websites: only a whole crawl could tell."""


def source_changes(context: Context) -> SourceChanges:
    """What is another since the last import."""
    known = ledger.load(context.workspace).records
    found = survey(context, known, pass_over=WEBSITES)
    entries: list[Entry] = found.entries
    there = {e.item for e in entries if isinstance(e, Record)}
    fresh = [e.item.source for e in entries if isinstance(e, Fresh)]
    changes = {
        "new": sorted(source for source in fresh if source not in known),
        "changed": sorted(source for source in fresh if source in known),
        "gone": sorted(known.keys() - there - set(fresh)),
    }
    return SourceChanges(
        {kind: names for kind, names in changes.items() if names},
        tuple(e for e in entries if isinstance(e, Rejection) and e.reason == "unreachable"),
        tuple(found.passed_over),
    )
