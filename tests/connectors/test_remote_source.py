"""Files of file systems elsewhere: a real FTP server, fsspec's memory, a ZIP archive."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import fsspec
import pytest

from connectors.errors import SourceError
from connectors.item import FileItem
from connectors.records import Document, Rejection
from connectors.remote import RemoteSource
from connectors.settings import SourceSettings
from connectors.sources import Source, open_source
from connectors.worker import read_items


def settings(tmp_path: Path, **more: object) -> SourceSettings:
    return SourceSettings(cache=tmp_path / "cache", **more)  # type: ignore[arg-type]


def reasons(source: Source) -> dict[str, str]:
    return {
        item.source: item.reason if isinstance(item, Rejection) else "read"
        for item in source.items()
    }


def write(root: Path, name: str, content: str | bytes = "Text.") -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


@pytest.fixture
def memory() -> Iterator[fsspec.AbstractFileSystem]:
    files = fsspec.filesystem("memory")
    yield files
    files.store.clear()
    files.pseudo_dirs[:] = [""]


@pytest.fixture
def ftp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, Path]]:
    """Address of an FTP server with a login, and the folder that it serves."""
    pytest.importorskip("pyftpdlib")
    from pyftpdlib.authorizers import DummyAuthorizer
    from pyftpdlib.handlers import FTPHandler
    from pyftpdlib.servers import FTPServer

    root = tmp_path / "served"
    root.mkdir()
    authorizer = DummyAuthorizer()
    authorizer.add_user("bot", "hunter2", str(root))

    class Handler(FTPHandler):
        pass

    Handler.authorizer = authorizer
    server = FTPServer(("127.0.0.1", 0), Handler)
    port = server.socket.getsockname()[1]
    # what the environment variables FSSPEC_FTP_USERNAME and FSSPEC_FTP_PASSWORD become
    monkeypatch.setitem(fsspec.config.conf, "ftp", {"username": "bot", "password": "hunter2"})
    running = True

    def serve() -> None:
        while running:
            server.serve_forever(timeout=0.05, blocking=False)

    thread = Thread(target=serve)
    thread.start()
    try:
        yield f"ftp://127.0.0.1:{port}/", root
    finally:
        running = False
        thread.join()
        server.close_all()


def test_files_of_a_server_are_read_like_those_of_a_folder(
    ftp: tuple[str, Path], tmp_path: Path
) -> None:
    address, root = ftp
    write(root, "rules.md", "# Rules\n\nGoods may be returned.\n")
    write(root, "規程/休暇.md", "# 休暇\n\n有給休暇は10日とする。\n")
    write(root, "draft/a.md")
    write(root, ".git/config.md")
    write(root, "photo.xyz", b"x")
    write(root, "empty.md", b"")
    write(root, "large.md", b"x" * 3000)
    write(root, ".monoshiriignore", "draft/\n")
    source = open_source(address, settings(tmp_path, max_bytes=2000))
    assert reasons(source) == {
        ".git/": "ignored",
        ".monoshiriignore": "ignored",
        "draft/": "ignored",
        "empty.md": "empty",
        "large.md": "too-large",
        "photo.xyz": "unsupported",
        "rules.md": "read",
        "規程/休暇.md": "read",
    }
    outcomes = [outcome for (outcome,) in read_items(source.items())]
    documents = {o.source: o for o in outcomes if isinstance(o, Document)}
    assert documents["rules.md"].title == "Rules"
    assert documents["規程/休暇.md"].language == "ja"


def test_only_what_changed_is_fetched_again(
    ftp: tuple[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, root = ftp
    for name in ("a.md", "b.md", "c.md"):
        write(root, name)
    from fsspec.implementations.ftp import FTPFileSystem

    fetched: list[str] = []
    real = FTPFileSystem._open
    monkeypatch.setattr(
        FTPFileSystem,
        "_open",
        lambda self, path, *a, **k: fetched.append(path) or real(self, path, *a, **k),
    )
    source = open_source(address, settings(tmp_path))
    first = {i.source: i.stamp for i in source.items() if isinstance(i, FileItem)}
    assert len(fetched) == 3
    write(root, "b.md", "Another text.")
    (root / "c.md").unlink()
    again = {i.source: i.stamp for i in source.items() if isinstance(i, FileItem)}
    assert fetched[3:] == ["/b.md"]
    assert again["a.md"] == first["a.md"]
    assert again["b.md"] != first["b.md"]
    assert len([path for path in (tmp_path / "cache").rglob("*") if path.is_file()]) == 2


def test_a_server_that_is_down_or_refuses_is_no_deletion(
    ftp: tuple[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, root = ftp
    write(root, "a.md")
    monkeypatch.setitem(fsspec.config.conf, "ftp", {"username": "bot", "password": "hunter3"})
    with pytest.raises(SourceError, match="can't be reached") as wrong:
        list(open_source(address, settings(tmp_path)).items())
    with pytest.raises(SourceError, match="can't be reached"):
        list(open_source("ftp://127.0.0.1:1/", settings(tmp_path)).items())
    with pytest.raises(SourceError, match="can't be reached"):
        list(open_source("zip://::" + str(tmp_path / "none.zip"), settings(tmp_path)).items())
    assert "hunter" not in str(wrong.value)


def test_a_server_that_breaks_off_leaves_the_copies_of_before(
    memory: fsspec.AbstractFileSystem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.md", "b.md"):
        memory.pipe(f"/share/{name}", b"Text.")
    source = open_source("memory://share", settings(tmp_path))
    assert reasons(source) == {"a.md": "read", "b.md": "read"}
    memory.pipe("/share/b.md", b"Longer text.")

    def broken(*_: object, **__: object) -> None:
        raise ConnectionResetError

    monkeypatch.setattr(type(memory), "_open", broken)
    with pytest.raises(SourceError, match="ConnectionResetError"):
        list(source.items())
    assert len([path for path in (tmp_path / "cache").rglob("*") if path.is_file()]) == 2


def test_names_that_lead_elsewhere_stay_in_the_cache(
    memory: fsspec.AbstractFileSystem, tmp_path: Path
) -> None:
    memory.store["/share/x/../../../evil.md"] = memory.store.get("/") or _file(b"Text.")
    memory.pipe("/share/good.md", b"Text.")
    items = list(open_source("memory://share", settings(tmp_path)).items())
    paths = [item.path for item in items if isinstance(item, FileItem)]
    assert paths
    assert all(path.resolve().is_relative_to(tmp_path / "cache") for path in paths)
    assert not list(tmp_path.rglob("evil.md"))


def _file(content: bytes) -> object:
    from fsspec.implementations.memory import MemoryFile

    return MemoryFile(None, "x", content)


def test_a_file_that_is_larger_than_the_server_says(
    memory: fsspec.AbstractFileSystem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory.pipe("/share/a.md", b"x" * 5000)
    real = type(memory).ls

    def lying(self: object, path: str, **words: object) -> list[dict[str, object]]:
        return [{**info, "size": 10} for info in real(self, path, **words)]

    monkeypatch.setattr(type(memory), "ls", lying)
    source = open_source("memory://share", settings(tmp_path, max_bytes=1000))
    assert reasons(source) == {"a.md": "too-large"}


def test_an_archive_and_a_single_file_by_address(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "手引き.zip", "w") as archive:
        archive.writestr("docs/a.md", "Text.")
        archive.writestr("b.md", "Text.")
    address = f"zip://::{tmp_path / '手引き.zip'}"
    assert reasons(open_source(address, settings(tmp_path))) == {
        "b.md": "read",
        "docs/a.md": "read",
    }
    one = f"zip://docs/a.md::{tmp_path / '手引き.zip'}"
    assert reasons(open_source(one, settings(tmp_path))) == {"a.md": "read"}


def test_addresses_with_a_password_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="holds a password") as caught:
        RemoteSource("sftp://bot:hunter2@host/share", settings(tmp_path))
    assert "hunter2" not in str(caught.value)


def test_a_missing_package_is_named_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "paramiko", None)
    monkeypatch.delitem(sys.modules, "fsspec.implementations.sftp", raising=False)
    with pytest.raises(SourceError, match="package that is not installed"):
        list(open_source("sftp://host/share", settings(tmp_path)).items())
