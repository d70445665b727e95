"""Sources by what the user writes, and the LangChain face."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.errors import SourceError
from connectors.langchain_loader import FolderLoader
from connectors.sources import open_source


def test_paths_and_file_urls(tmp_path: Path) -> None:
    folder = tmp_path / "社内 文書"
    folder.mkdir()
    (folder / "a.md").write_text("x", encoding="utf-8")
    for spec in (str(folder), folder.as_uri()):
        assert [item.source for item in open_source(spec).items()] == ["a.md"]


@pytest.mark.parametrize(
    "spec", ["gopher://example.com/x", "gopher://user:hunter2@host/x", "X+postgresql://h"]
)
def test_sources_that_are_not_supported(spec: str) -> None:
    with pytest.raises(SourceError, match="not supported in this version") as caught:
        open_source(spec)
    assert "hunter2" not in str(caught.value)


def test_langchain_loader(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# Title\n\nThe text of the page.\n", encoding="utf-8")
    (tmp_path / "b.md").touch()
    loader = FolderLoader(tmp_path)
    (document,) = loader.load()
    assert document.page_content == "# Title\n\nThe text of the page.\n"
    assert document.metadata == {
        "source": "a.md",
        "locator": "",
        "title": "Title",
        "language": "en",
        "format": "md",
    }
    assert [rejection.reason for rejection in loader.rejections] == ["empty"]
