"""`import --watch` on a real folder: documents and index follow, errors don't end it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from builder_fakes import FakeEmbedder

from builder.cli import watch as watching
from builder.cli.watch import watch
from builder.errors import UsageError
from builder.jsonl import read_jsonl
from builder.records import Chunk
from builder.workspace import Workspace, write_text

WAIT_SECONDS = 60


class Heard:
    """A voice that can be waited for."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self._news = threading.Condition()

    def say(self, text: str) -> None:
        with self._news:
            self.said.append(text)
            self._news.notify_all()

    def progress(self, text: str) -> None:
        """Not listened to."""

    def wait_for(self, wanted: Callable[[str], bool]) -> str:
        with self._news:
            assert self._news.wait_for(lambda: any(map(wanted, self.said)), WAIT_SECONDS), self.said
            return next(text for text in self.said if wanted(text))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "a.md").write_text("# A\n\nThe first rule.\n", encoding="utf-8")
    return docs


@pytest.fixture
def workspace(folder: Path) -> Workspace:
    """A bot inside the folder that it follows: its own files must not set it off."""
    made = Workspace(folder / "bot")
    lines = f'[sources]\npaths = ["{folder}"]\nignore = ["bot/"]\n'
    write_text(made.config, lines)
    return made


@pytest.fixture
def heard(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[Heard]:
    """The watch, running in a thread until the test ends."""
    monkeypatch.setattr(watching, "DEBOUNCE_MS", 100)
    monkeypatch.setattr(watching, "LOOK_MS", 200)
    voice, stop = Heard(), threading.Event()
    arguments = (workspace, voice, 60.0, stop, lambda _: FakeEmbedder())
    thread = threading.Thread(target=watch, args=arguments)
    thread.start()
    yield voice
    stop.set()
    thread.join(WAIT_SECONDS)
    assert not thread.is_alive()
    assert voice.said[-1].startswith("Stopped following")


def indexed(workspace: Workspace) -> set[str]:
    return {chunk.source for chunk in read_jsonl(Chunk, workspace.chunks)}


def test_documents_and_index_follow_the_folder(
    heard: Heard, workspace: Workspace, folder: Path
) -> None:
    heard.wait_for(lambda text: "1 documents" in text)
    (folder / "b.md").write_text("# B\n\nThe second rule.\n", encoding="utf-8")
    line = heard.wait_for(lambda text: "2 documents" in text)
    assert "1 new" in line
    assert "1 embedded" in line
    assert indexed(workspace) == {"a.md", "b.md"}
    (folder / "a.md").unlink()
    heard.wait_for(lambda text: "1 no longer in the source" in text)
    assert indexed(workspace) == {"b.md"}
    time.sleep(1)
    assert len(heard.said) == 3  # nothing is said, nor done, without a change


def test_an_error_is_said_once_and_the_next_change_is_followed(
    heard: Heard, workspace: Workspace, folder: Path
) -> None:
    heard.wait_for(lambda text: "1 documents" in text)
    good = workspace.config.read_text(encoding="utf-8")
    with workspace.lock():
        (folder / "b.md").write_text("# B\n\nThe second rule.\n", encoding="utf-8")
        heard.wait_for(lambda text: "another monoshiri run" in text)
        (folder / "c.md").write_text("# C\n\nThe third rule.\n", encoding="utf-8")
        time.sleep(1)
    assert sum("another monoshiri run" in text for text in heard.said) == 1
    (folder / "d.md").write_text("# D\n\nThe fourth rule.\n", encoding="utf-8")
    heard.wait_for(lambda text: "4 documents" in text)
    assert workspace.config.read_text(encoding="utf-8") == good
    assert indexed(workspace) == {"a.md", "b.md", "c.md", "d.md"}


def test_sources_that_send_no_word_are_looked_at_every_so_often(
    workspace: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "_folders", lambda _: [])
    voice, stop = Heard(), threading.Event()
    arguments = (workspace, voice, 0.005, stop, lambda _: FakeEmbedder())
    thread = threading.Thread(target=watch, args=arguments)
    thread.start()
    try:
        voice.wait_for(lambda text: "1 documents" in text)
        (folder / "b.md").write_text("# B\n\nThe second rule.\n", encoding="utf-8")
        voice.wait_for(lambda text: "2 documents" in text)
        assert indexed(workspace) == {"a.md", "b.md"}
    finally:
        stop.set()
        thread.join(WAIT_SECONDS)


def test_ctrl_c_ends_it_cleanly(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(watching, "_up_to_date", interrupt)
    voice = Heard()
    assert watch(workspace, voice, 1.0, None, lambda _: FakeEmbedder()) == 0
    assert voice.said == ["Stopped following. What was complete is kept."]


def test_an_interval_of_nothing_is_refused(workspace: Workspace) -> None:
    with pytest.raises(UsageError, match="more than 0 minutes"):
        watch(workspace, Heard(), 0.0)
