"""A folder as a LangChain document loader."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from langchain_core.document_loaders import BaseLoader
from langchain_core.documents import Document

from connectors.folder import FolderSource
from connectors.records import Rejection
from connectors.settings import SourceSettings
from connectors.worker import read_items


class FolderLoader(BaseLoader):
    """One LangChain document per Part. `rejections` holds what the last load left out, and why."""

    def __init__(self, root: Path | str, ignore: tuple[str, ...] = ()) -> None:
        self._source = FolderSource(root, SourceSettings(ignore))
        self.rejections: list[Rejection] = []

    def lazy_load(self) -> Iterator[Document]:
        """Documents with `source`, `locator`, `title`, `language` and `format` as metadata."""
        self.rejections = []
        for outcome in chain.from_iterable(read_items(self._source.items())):
            if isinstance(outcome, Rejection):
                self.rejections.append(outcome)
                continue
            for part in outcome.parts:
                metadata = {
                    "source": outcome.source,
                    "locator": part.locator,
                    "title": outcome.title,
                    "language": outcome.language,
                    "format": outcome.format,
                }
                yield Document(page_content=part.text, metadata=metadata)
