"""Zip archives: every member accounted for, under a harmless name."""

from __future__ import annotations

import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from connectors.inner_names import harmless
from connectors.records import Document, Rejection

ReadAll = Callable[[Path], dict[str, Document | Rejection]]


def _reasons(found: dict[str, Document | Rejection]) -> dict[str, str]:
    return {n: o.reason if isinstance(o, Rejection) else o.format for n, o in found.items()}


def _zip(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def _legacy_zip(path: Path, names: list[bytes]) -> Path:
    """An archive whose names are in a local encoding, as Windows in Japan writes them."""
    with zipfile.ZipFile(path, "w") as archive:
        for i, name in enumerate(names):
            archive.writestr("x" * (len(name) - 2) + f"{i:02}", b"Text.\n")
    data = path.read_bytes()
    for i, name in enumerate(names):
        data = data.replace(b"x" * (len(name) - 2) + b"%02d" % i, name)
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_members_are_documents_of_their_own(method: int, tmp_path: Path, read_all: ReadAll) -> None:
    members = {
        "規程/休暇.md": "# 休暇\n\n年次有給休暇は10日です。\n".encode(),
        "data/rows.csv": b"a,b\n1,2\n",
        "folder/": b"",
        "photo.xcf": b"x",
        "empty.md": b"",
        ".DS_Store": b"x",
        "__MACOSX/._a.md": b"x",
        "sub/Thumbs.db": b"x",
    }
    found = read_all(_zip(tmp_path / "a.zip", members, method))
    assert _reasons(found) == {
        "a.zip/規程/休暇.md": "md",
        "a.zip/data/rows.csv": "csv",
        "a.zip/photo.xcf": "unsupported",
        "a.zip/empty.md": "empty",
        "a.zip/.DS_Store": "ignored",
        "a.zip/__MACOSX/._a.md": "ignored",
        "a.zip/sub/Thumbs.db": "ignored",
    }
    document = found["a.zip/規程/休暇.md"]
    assert isinstance(document, Document)
    assert document.title == "休暇"
    assert document.language == "ja"
    assert document.parts[0].text == members["規程/休暇.md"].decode()


@pytest.mark.parametrize("encoding", ["cp932", "euc_jp", "utf-8"])
def test_names_without_a_stated_encoding(encoding: str, tmp_path: Path, read_all: ReadAll) -> None:
    names = ["営業部／顧客一覧表.txt", "就業規則（改定）.txt", "plain.txt"]
    path = _legacy_zip(tmp_path / "a.zip", [name.encode(encoding) for name in names])
    assert set(read_all(path)) == {f"a.zip/{name}" for name in names}


def test_western_names_of_dos(tmp_path: Path, read_all: ReadAll) -> None:
    path = _legacy_zip(tmp_path / "a.zip", ["Größenübersicht.txt".encode("cp437")])
    assert set(read_all(path)) == {"a.zip/Größenübersicht.txt"}


def test_names_that_lead_elsewhere(tmp_path: Path, read_all: ReadAll) -> None:
    names = ["../../up.md", "/etc/root.md", "C:\\Windows\\drive.md", "..\\..\\back.md", "a/./b.md"]
    names += ["\u202egnp.md", "two\nlines.md", "bell\x07.md", "up.md", "ｶﾞ.md", "か\u3099.md"]
    found = read_all(_zip(tmp_path / "a.zip", dict.fromkeys(names, b"Text.\n")))
    assert [name.removeprefix("a.zip/") for name in found] == [
        "up.md",
        "etc/root.md",
        "Windows/drive.md",
        "back.md",
        "a/b.md",
        "gnp.md",
        "two lines.md",
        "bell.md",
        "up.md (2)",
        "ｶﾞ.md",
        "が.md",
    ]
    assert all(isinstance(outcome, Document) for outcome in found.values())
    assert [p.name for p in tmp_path.rglob("*")] == ["a.zip"]


@pytest.mark.parametrize("name", ["", "..", "/", "\0", "../..", "C:", "\u202e"])
def test_a_name_of_nothing(name: str) -> None:
    assert harmless(name) == "unnamed"


def test_long_names_keep_their_suffix() -> None:
    assert harmless("あ" * 5000 + ".docx").endswith("あ.docx")
    assert len(harmless("/".join(["あ" * 5000] * 50))) < 2500
    assert len(harmless("a/" * 5000)) < 50


def test_encrypted_members_and_links(tmp_path: Path, read_all: ReadAll) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        link = zipfile.ZipInfo("link.md")
        link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        pipe = zipfile.ZipInfo("pipe.md")
        pipe.create_system, pipe.external_attr = 3, (stat.S_IFIFO | 0o666) << 16
        archive.writestr(pipe, "")
        archive.writestr("open.md", "Text.\n")
        archive.writestr("secret.md", "x" * 20)
    data = bytearray(path.read_bytes())
    for mark, flags in ((b"PK\1\2", 8), (b"PK\3\4", 6)):
        at = data.rindex(mark)
        struct.pack_into("<H", data, at + flags, 1)
    path.write_bytes(data)
    assert _reasons(read_all(path)) == {
        "a.zip/link.md": "link-outside",
        "a.zip/pipe.md": "unsupported",
        "a.zip/open.md": "md",
        "a.zip/secret.md": "encrypted",
    }


def test_zip64_and_a_method_that_is_not_read(tmp_path: Path, read_all: ReadAll) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        with archive.open("large.md", "w", force_zip64=True) as member:
            member.write(b"Text.\n")
        archive.writestr("odd.md", "Text.\n")
    data = bytearray(path.read_bytes())
    for mark, method in ((b"PK\1\2", 10), (b"PK\3\4", 8)):
        struct.pack_into("<H", data, data.rindex(mark) + method, 9)
    path.write_bytes(data)
    found = read_all(path)
    assert _reasons(found) == {"a.zip/large.md": "md", "a.zip/odd.md": "unsupported"}


def test_a_damaged_member_costs_itself_only(tmp_path: Path, read_all: ReadAll) -> None:
    members = {"a.md": b"First.\n", "b.md": b"Second, to be damaged.\n", "c.md": b"Third.\n"}
    path = _zip(tmp_path / "a.zip", members, zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b"to be damaged", b"which it  is!"))
    found = read_all(path)
    assert _reasons(found) == {"a.zip/a.md": "md", "a.zip/b.md": "broken", "a.zip/c.md": "md"}


@pytest.mark.parametrize("kind", ["text", "cut", "empty"])
def test_what_is_no_archive(kind: str, tmp_path: Path, read_all: ReadAll) -> None:
    path = _zip(tmp_path / "a.zip", {"a.md": b"x" * 1000} if kind != "empty" else {})
    if kind == "text":
        path.write_bytes(b"no archive\n" * 50)
    if kind == "cut":
        path.write_bytes(path.read_bytes()[:60])
    assert _reasons(read_all(path)) == {"a.zip": "empty" if kind == "empty" else "broken"}
