"""The sources that bot.toml names, opened."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from builder.config import Config
from builder.config.sources import LoaderSection, TableSection
from builder.workspace import Workspace
from connectors import ocr
from connectors.settings import ReadingSettings, SourceSettings
from connectors.sources import Source, open_source
from connectors.web.settings import WebSettings

_OCR_SHARE = 0.7  # of the time for a file; the rest is for everything else


def source_names(config: Config) -> list[str]:
    """Every source as bot.toml names it; none where nothing is to be imported."""
    sources = config.sources
    return [
        *sources.paths,
        *(table.name for table in sources.tables),
        *(own.name for own in sources.loaders),
    ]


def open_sources(config: Config, workspace: Workspace) -> list[Source]:
    """All of them, in the order of bot.toml. Raises SourceError where one can't be opened."""
    return [open_it() for _, open_it in openers(config, workspace)]


def openers(config: Config, workspace: Workspace) -> list[tuple[str, Callable[[], Source]]]:
    """Each source's name in bot.toml, and what opens it: one that can't be opened is no reason to
    pass over the others."""
    settings = source_settings(config, workspace)
    sources = config.sources
    return [
        *((path, partial(open_source, path, settings)) for path in sources.paths),
        *((table.name, partial(_open_table, table, config)) for table in sources.tables),
        *((own.name, partial(_open_loader, own, config)) for own in sources.loaders),
    ]


def source_settings(config: Config, workspace: Workspace) -> SourceSettings:
    """What bot.toml says of every source."""
    return SourceSettings(
        ignore=config.sources.ignore,
        max_bytes=config.sources.max_file_mb * 1024 * 1024,
        cache=workspace.root / "cache",
        reading=ReadingSettings(
            columns=tuple(config.sources.columns.items()),
            pdf_password_env=config.sources.pdf_password_env,
            ocr=config.sources.ocr,
            ocr_seconds=config.sources.seconds_per_file * _OCR_SHARE,
            ocr_installed=ocr.is_installed(),
        ),
        web=WebSettings(**config.sources.web.model_dump()),
    )


def _open_table(section: TableSection, config: Config) -> Source:
    from connectors.database.settings import TableSettings
    from connectors.database.source import open_table

    settings = TableSettings(
        name=section.name,
        url=section.url,
        url_env=section.url_env,
        table=section.table,
        query=section.query,
        key=section.key,
        read_as=section.read_as,
        title=section.title,
        text=section.text,
        updated=section.updated,
        columns=tuple(config.sources.columns.items()),
    )
    return open_table(settings)


def _open_loader(section: LoaderSection, config: Config) -> Source:
    from connectors.loader import LoaderSettings, LoaderSource

    settings = LoaderSettings(
        name=section.name,
        loader=section.loader,
        args=section.args,
        seconds=section.seconds,
        memory_mb=config.sources.memory_mb,
    )
    return LoaderSource(settings)
