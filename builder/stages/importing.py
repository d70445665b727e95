"""import: sources → documents/documents.jsonl and documents/rejected.jsonl.

Only items whose stamp changed are read again; an item that is gone takes its documents along.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from builder.config import Config
from builder.errors import UsageError
from builder.jsonl import read_jsonl, to_line
from builder.records import StageReport
from builder.stages.context import Context, StageResult, counted, finish, seconds_since
from builder.workspace import atomic_file, fingerprint, write_jsonl, write_text
from connectors.errors import SourceError
from connectors.item import Item, renamed
from connectors.records import Document, Rejection
from connectors.settings import SourceSettings
from connectors.sources import open_source
from connectors.worker import read_items


@dataclass(frozen=True, slots=True)
class Record:
    """What the last import knew of an item that was read without a rejection."""

    stamp: str
    documents: tuple[str, ...]
    """Sources of its documents."""


Known = dict[str, Record]


def run_import(context: Context) -> StageResult:
    """Bring the documents up to date with the sources.

    Raises SourceError when a source can't be opened (nothing is changed then), or when nothing at
    all could be imported.
    """
    began = time.monotonic()
    workspace, config = context.workspace, context.config
    if not config.sources.paths:
        raise UsageError(
            "no source is named.", str(workspace.config), "Set `sources.paths`, or use `build`."
        )
    items = list(_items(context))
    known = _known(context)
    kept = {i.source for i in items if _is_kept(i, known)}
    records: Known = {source: known[source] for source in kept}
    rejected: list[Rejection] = []
    made = 0
    with atomic_file(workspace.documents) as out:
        for item, lines, faults in _outcomes(context, items, kept):
            rejected += faults
            if not isinstance(item, Rejection) and not faults:
                records[item.source] = Record(item.stamp, tuple(lines))
            for line in lines.values():
                out.write(line)
                made += 1
            context.voice.progress(f"{made} documents of {len(items)} files read")
        if not made:
            raise _nothing_imported(config, rejected)
    write_jsonl(workspace.rejections, rejected)
    write_text(_stamps_path(context), json.dumps({s: asdict(r) for s, r in records.items()}))
    removed = len(set(known) - {item.source for item in items})
    notes = [f"{len(kept)} unchanged"] if kept else []
    notes += [f"{removed} no longer in the source"] if removed else []
    report = StageReport(
        stage="import",
        taken=made + len(rejected),
        made=made,
        rejected=counted(rejection.reason for rejection in rejected),
        seconds=seconds_since(began),
        notes=tuple(notes),
    )
    return finish(context, fingerprint(workspace.documents), report)


def _items(context: Context) -> Iterator[Item | Rejection]:
    """Every item of every source; where two sources have the same path, the later one's is put
    under its source's name."""
    seen: set[str] = set()
    config = context.config.sources
    settings = SourceSettings(
        ignore=config.ignore,
        max_bytes=config.max_file_mb * 1024 * 1024,
        cache=context.workspace.root / "cache",
    )
    for source in [open_source(path, settings) for path in config.paths]:
        for item in source.items():
            name = item.source
            if name in seen:
                name = f"{source.name}/{name}"
            while name in seen:
                name += " (2)"
            seen.add(name)
            yield renamed(item, name)


def _is_kept(item: Item | Rejection, known: Known) -> bool:
    if isinstance(item, Rejection) or item.source not in known:
        return False
    return known[item.source].stamp == item.stamp


def _stamps_path(context: Context) -> Path:
    return context.workspace.documents.with_name("stamps.json")


def _stamps(context: Context) -> Known:
    """Item → what the last import knew of it; empty where that can't be read."""
    try:
        stamps = json.loads(_stamps_path(context).read_text(encoding="utf-8"))
        return {s: Record(r["stamp"], tuple(r["documents"])) for s, r in stamps.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def _known(context: Context) -> Known:
    """What the last complete import read; empty when there was none."""
    manifest = context.workspace.manifest("import")
    if manifest is None or manifest.fingerprint != fingerprint(context.workspace.documents):
        return {}  # a run was killed after it had replaced some of its files
    return _stamps(context)


def _places(path: Path) -> dict[str, int]:
    """Source of every document → place of its line in documents.jsonl."""
    places: dict[str, int] = {}
    at = 0
    with path.open("rb") as lines:
        for line in lines:
            places[json.loads(line)["source"]] = at
            at += len(line)
    return places


def _outcomes(
    context: Context, items: list[Item | Rejection], kept: set[str]
) -> Iterator[tuple[Item | Rejection, dict[str, str], list[Rejection]]]:
    """Each item in order with the lines of its documents by source, and its rejections: unchanged
    documents are copied from the old file, the others are read."""
    config = context.config.sources
    fresh = [item for item in items if item.source not in kept]
    outcomes = read_items(
        fresh, seconds_per_file=config.seconds_per_file, memory_mb=config.memory_mb
    )
    path = context.workspace.documents
    known = _known(context) if kept else {}
    places = _places(path) if kept else {}
    with contextlib.ExitStack() as stack:
        old = stack.enter_context(path.open("rb")) if kept else None
        for item in items:
            lines: dict[str, str] = {}
            if old is not None and item.source in kept:
                for source in known[item.source].documents:
                    old.seek(places[source])
                    lines[source] = old.readline().decode("utf-8")
                yield item, lines, []
                continue
            faults: list[Rejection] = []
            for outcome in next(outcomes):
                if isinstance(outcome, Rejection):
                    faults.append(outcome)
                else:
                    lines[outcome.source] = to_line(outcome) + "\n"
            yield item, lines, faults


def _nothing_imported(config: Config, rejected: list[Rejection]) -> SourceError:
    tried = [r for r in rejected if r.reason != "ignored"]
    reasons = ", ".join(f"{count} {reason}" for reason, count in counted(r.reason for r in tried))
    return SourceError(
        f"nothing could be imported ({reasons})." if tried else "there are no files in it.",
        ", ".join(config.sources.paths),
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


def source_changes(context: Context) -> dict[str, list[str]]:
    """Names of the files that are new, changed or gone since the last import, by kind."""
    items = [i for i in _items(context) if not isinstance(i, Rejection)]
    known = _stamps(context)
    now = {item.source: item.stamp for item in items}
    changes = {
        "new": sorted(now.keys() - known.keys()),
        "changed": sorted(s for s in now.keys() & known.keys() if now[s] != known[s].stamp),
        "gone": sorted(known.keys() - now.keys()),
    }
    return {kind: names for kind, names in changes.items() if names}
