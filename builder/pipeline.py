"""The stages in order: sources → documents → chunks → index → dataset → adapter → report."""

from __future__ import annotations

from collections.abc import Callable

from builder.bot.service import Bot
from builder.models.catalog import embedder
from builder.models.embedder import Embedder
from builder.models.memory import release
from builder.stages.calibrating import run_calibrate
from builder.stages.context import Context, StageResult
from builder.stages.evaluating import Evaluation, run_evaluate
from builder.stages.generating import run_generate
from builder.stages.importing import run_import
from builder.stages.indexing import run_index
from builder.stages.preparing import run_prepare
from builder.stages.training import run_train

Show = Callable[[StageResult], None]
"""Told of each stage as it ends."""


def build(context: Context, show: Show, *, train: bool) -> Evaluation | None:
    """Everything, from the sources to the report; each stage does only what has changed.

    Without training there is no adapter and nothing to compare, so there is no report.
    """
    read_sources(context, show)
    reader = open_embedder(context)  # only now: a mistyped source should not cost a download
    cut_documents(context, show, reader)
    index_documents(context, show, reader)
    generate_pairs(context, show, reader)
    if not train:
        return None
    reader.unload()
    release()
    show(run_train(context))
    release()
    return run_evaluate(context, open_bot_of(context))


def read_sources(context: Context, show: Show) -> None:
    """The `import` command's first half: documents."""
    show(run_import(context))


def cut_documents(context: Context, show: Show, reader: Embedder) -> None:
    """The `import` command's second half: the chunks cut from them."""
    show(run_prepare(context, reader))


def index_documents(context: Context, show: Show, reader: Embedder) -> None:
    """The `index` command: the index of the chunks that there are."""
    show(run_index(context, reader))


def generate_pairs(context: Context, show: Show, reader: Embedder) -> None:
    """The `generate` command: the pairs, and from them the scale of refusal."""
    show(run_generate(context, reader))
    show(run_calibrate(context, reader))


def open_embedder(context: Context) -> Embedder:
    """The embedder that bot.toml names."""
    return Embedder(embedder(context.config.embedder.name, context.voice.say))


def open_bot_of(context: Context) -> Bot:
    """The bot of a workspace whose index is made."""
    return Bot(context.workspace, context.config, context.voice.say)
