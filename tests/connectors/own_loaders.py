"""LangChain loaders for the tests; a worker process imports them by name."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from langchain_core.document_loaders import BaseLoader
from langchain_core.documents import Document


class NotesLoader(BaseLoader):
    """Lines `source;page;title;text` of a file, with a token that has to be right."""

    def __init__(self, file_path: str, token: str = "", options: dict[str, str] | None = None):
        self._path = Path(file_path)
        self._token = token or (options or {}).get("token", "")

    def lazy_load(self) -> Iterator[Document]:
        if self._token != "s3cret":  # noqa: S105 - of no service
            raise PermissionError(f"the token {self._token} is wrong")
        for line in self._path.read_text(encoding="utf-8").splitlines():
            source, page, title, text = line.split(";")
            metadata = {"source": source, "title": title} if source else {}
            metadata |= {"page": int(page)} if page else {}  # type: ignore[dict-item]
            yield Document(page_content=text, metadata=metadata)


class HangingLoader(BaseLoader):
    def lazy_load(self) -> Iterator[Document]:
        time.sleep(600)
        yield Document(page_content="too late")


class GreedyLoader(BaseLoader):
    def lazy_load(self) -> Iterator[Document]:
        yield Document(page_content="x" * (4 * 1024**3))


def no_loader() -> None:
    """Is no class."""
