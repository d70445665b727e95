"""import: sources → documents/documents.jsonl and documents/rejected.jsonl.

Only files whose size or time changed are read again; a file that is gone takes its document along.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterator
from dataclasses import replace

from builder.config import Config
from builder.errors import UsageError
from builder.jsonl import read_jsonl, to_line
from builder.records import StageReport
from builder.stages.context import Context, StageResult, counted, finish, seconds_since
from builder.workspace import atomic_file, fingerprint, write_jsonl, write_text
from connectors.errors import SourceError
from connectors.item import FileItem
from connectors.records import Document, Rejection
from connectors.sources import open_source
from connectors.worker import read_files

Known = dict[str, tuple[str, int]]
"""source → (stamp of the file that it was read from, place of its line in documents.jsonl)"""


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
    items = list(_items(config))
    known = _known(context)
    stamps = {i.source: _stamp(i) for i in items if isinstance(i, FileItem)}
    kept = {source for source, stamp in stamps.items() if known.get(source, ("", 0))[0] == stamp}
    rejected: list[Rejection] = []
    made = 0
    with atomic_file(workspace.documents) as out:
        for line in _lines(context, items, known, kept):
            if isinstance(line, Rejection):
                rejected.append(line)
            else:
                out.write(line)
                made += 1
                context.voice.progress(f"{made} of {len(items)} files read")
        if not made:
            raise _nothing_imported(config, rejected)
    write_jsonl(workspace.rejections, rejected)
    write_text(workspace.documents.with_name("stamps.json"), json.dumps(stamps))
    removed = len(set(known) - set(stamps))
    notes = [f"{len(kept)} unchanged"] if kept else []
    notes += [f"{removed} no longer in the source"] if removed else []
    report = StageReport(
        stage="import",
        taken=len(items),
        made=made,
        rejected=counted(rejection.reason for rejection in rejected),
        seconds=seconds_since(began),
        notes=tuple(notes),
    )
    return finish(context, fingerprint(workspace.documents), report)


def _items(config: Config) -> Iterator[FileItem | Rejection]:
    """Every item of every source; where two sources have the same path, the later one's is put
    under its folder's name."""
    seen: set[str] = set()
    limit = config.sources.max_file_mb * 1024 * 1024
    opened = [open_source(path, config.sources.ignore, limit) for path in config.sources.paths]
    for source in opened:
        for item in source.items():
            name = item.source
            if name in seen:
                name = f"{source.root.resolve().name}/{name}"
            while name in seen:
                name += " (2)"
            seen.add(name)
            yield replace(item, source=name)


def _stamp(item: FileItem) -> str:
    return f"{item.path} {item.size} {item.mtime_ns}"


def _stamps(context: Context) -> dict[str, str]:
    """Source → stamp of the files at the last import; empty where that can't be read."""
    path = context.workspace.documents.with_name("stamps.json")
    try:
        stamps = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamps if isinstance(stamps, dict) else {}


def _known(context: Context) -> Known:
    """What the last complete import read; empty when there was none."""
    path = context.workspace.documents
    manifest = context.workspace.manifest("import")
    if manifest is None or manifest.fingerprint != fingerprint(path):
        return {}  # a run was killed after it had replaced some of its files
    stamps = _stamps(context)
    known: Known = {}
    at = 0
    with path.open("rb") as lines:
        for line in lines:
            source = json.loads(line)["source"]
            known[source] = (stamps.get(source, ""), at)
            at += len(line)
    return known


def _lines(
    context: Context, items: list[FileItem | Rejection], known: Known, kept: set[str]
) -> Iterator[str | Rejection]:
    """A line of documents.jsonl or a rejection for every item, in order: unchanged documents are
    copied from the old file, the others are read."""
    config = context.config.sources
    fresh = [item for item in items if item.source not in kept]
    outcomes = read_files(
        fresh, seconds_per_file=config.seconds_per_file, memory_mb=config.memory_mb
    )
    with contextlib.ExitStack() as stack:
        old = stack.enter_context(context.workspace.documents.open("rb")) if kept else None
        for item in items:
            if old is not None and item.source in kept:
                old.seek(known[item.source][1])
                yield old.readline().decode("utf-8")
                continue
            outcome = next(outcomes)
            yield outcome if isinstance(outcome, Rejection) else to_line(outcome) + "\n"


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
    items = [i for i in _items(context.config) if isinstance(i, FileItem)]
    stamps = _stamps(context)
    now = {item.source: _stamp(item) for item in items}
    changes = {
        "new": sorted(now.keys() - stamps.keys()),
        "changed": sorted(s for s in now.keys() & stamps.keys() if now[s] != stamps[s]),
        "gone": sorted(stamps.keys() - now.keys()),
    }
    return {kind: names for kind, names in changes.items() if names}
