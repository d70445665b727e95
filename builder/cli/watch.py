"""`import --watch`: follows the sources until Ctrl-C, and brings documents and index up to date."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from builder import pipeline
from builder.config import load_config
from builder.errors import UsageError
from builder.models.embedder import Embedder
from builder.stages.context import Context, StageResult, Voice
from builder.workspace import Workspace
from connectors.errors import MonoshiriError

DEBOUNCE_MS = 1600  # files are often written in several steps
LOOK_MS = 5000

OpenEmbedder = Callable[[Context], Embedder]


def watch(
    workspace: Workspace,
    voice: Voice,
    every: float,
    stop: threading.Event | None = None,
    open_embedder: OpenEmbedder = pipeline.open_embedder,
) -> int:
    """Bring the bot up to date now, at each change of a folder, and every so many minutes; one
    line each time that there was something to do. An error is said and does not end it."""
    if every <= 0:
        raise UsageError("--every needs more than 0 minutes.", f"{every:g}", "Give another number.")
    stop = stop or threading.Event()
    reader: Embedder | None = None
    said = ""
    try:
        for _ in _occasions(workspace, every, stop):
            try:
                context = Context(workspace, load_config(workspace.config), voice)
                reader = _current(reader, context, open_embedder)
                with workspace.lock():
                    line = _up_to_date(context, reader)
            except Exception as error:  # whatever it is, the next change may mend it
                line = _sentence(error)
                if line == said:
                    continue  # a source that is down need not be named every time
            said = line
            if line:
                voice.say(f"{time.strftime('%H:%M:%S')} {line}")
    except KeyboardInterrupt:
        pass
    voice.say("Stopped following. What was complete is kept.")
    return 0


def _current(reader: Embedder | None, context: Context, open_it: OpenEmbedder) -> Embedder:
    """The embedder that bot.toml names now."""
    fresh = open_it(context)
    same = reader is not None and reader.source == fresh.source
    return reader if reader is not None and same else fresh


def _up_to_date(context: Context, reader: Embedder) -> str:
    """Run the stages; what they did, or empty where there was nothing to do."""
    results: list[StageResult] = []
    pipeline.read_sources(context, results.append)
    pipeline.cut_documents(context, results.append, reader)
    pipeline.index_documents(context, results.append, reader)
    imported, _, indexed = results
    rejected = sum(count for _, count in imported.report.rejected)
    if indexed.unchanged:
        return ""
    notes = "; ".join((*imported.report.notes, *indexed.report.notes))
    left_out = f", {rejected} left out (see `monoshiri status`)" if rejected else ""
    return f"{imported.report.made} documents{left_out} ({notes})"


def _sentence(error: Exception) -> str:
    if isinstance(error, MonoshiriError):
        return str(error)
    return f"It failed and will be tried again: {type(error).__name__}: {error}"


def _occasions(workspace: Workspace, every: float, stop: threading.Event) -> Iterator[None]:
    """Now, then whenever files below a source's folder change, or the interval is over."""
    import watchfiles

    own = workspace.root.resolve()
    yield
    last = time.monotonic()
    while not stop.is_set():
        folders = _folders(workspace)
        settled = False  # what changed before the watch began sends no word
        if not folders:
            stop.wait(min(LOOK_MS / 1000, every * 60))
        for changes in (
            watchfiles.watch(
                *folders,
                watch_filter=lambda _, path: not Path(path).resolve().is_relative_to(own),
                debounce=DEBOUNCE_MS,
                stop_event=stop,
                rust_timeout=min(LOOK_MS, int(every * 60_000) or 1),
                yield_on_timeout=True,
            )
            if folders
            else (set(),)
        ):
            if changes or not settled or time.monotonic() - last > every * 60:
                settled = settled or not changes
                yield
                last = time.monotonic()
            if stop.is_set() or _folders(workspace) != folders:
                break


def _folders(workspace: Workspace) -> list[Path]:
    """The sources that are folders or files on this disk."""
    try:
        paths = load_config(workspace.config).sources.paths
    except MonoshiriError:
        return []
    found = [Path(path.removeprefix("file://")).expanduser() for path in paths if path]
    return [path for path in found if path.exists()]
