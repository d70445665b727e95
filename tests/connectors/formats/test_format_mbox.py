"""Mailbox files: every message a document, gone through one at a time."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

from connectors.formats import mbox
from connectors.item import FileItem
from connectors.reading import InputFile
from connectors.records import Document, Rejection
from connectors.settings import ReadingSettings

ReadAll = Callable[[Path], dict[str, Document | Rejection]]
LINE = b"From keiri@example.com Tue Apr  7 10:42:00 2026\n"


def _mail(subject: str, body: str, number: int = 1) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = subject
    message["Message-ID"] = f"<{number}@example.com>"
    message.set_content(body, charset="utf-8", cte="8bit")
    return message


def _box(path: Path, *messages: bytes) -> Path:
    path.write_bytes(b"".join(LINE + message + b"\n" for message in messages))
    return path


def test_each_message_is_a_document(tmp_path: Path, read_all: ReadAll) -> None:
    second = _mail("資料", "添付します。\n", 2)
    second.add_attachment("# 規程\n".encode(), "text", "markdown", filename="規程.md")
    found = read_all(
        _box(tmp_path / "箱.mbox", bytes(_mail("旅費", "上限です。\n")), bytes(second))
    )
    names = [name.removeprefix("箱.mbox/") for name in found]
    assert [name.split()[0] for name in names] == ["旅費", "資料", "資料"]
    assert names[2] == f"{names[1]}/規程.md"
    documents = [d for d in found.values() if isinstance(d, Document)]
    assert [d.title for d in documents] == ["旅費", "資料", "規程"]
    assert [d.format for d in documents] == ["eml", "eml", "md"]


def test_names_stay_when_other_messages_come_and_go(tmp_path: Path, read_all: ReadAll) -> None:
    mails = [bytes(_mail("旅費", f"その{i}\n", i)) for i in range(3)]
    before = set(read_all(_box(tmp_path / "a.mbox", *mails)))
    assert len(before) == 3
    assert set(read_all(_box(tmp_path / "a.mbox", *mails[1:]))) < before


def test_sentences_that_begin_with_from(tmp_path: Path, read_all: ReadAll) -> None:
    body = "Dear all,\n\nFrom Monday on we open at 9.\n\n>From 10:00 to 12:00 in 2026 it rains.\n"
    body += "\nFrom 10:00 to 12:00:00 of 2026\nnobody is here.\n"
    (document,) = read_all(_box(tmp_path / "a.mbox", bytes(_mail("Hours", body)))).values()
    assert isinstance(document, Document)
    assert document.parts[0].text.endswith(
        "From Monday on we open at 9.\n\nFrom 10:00 to 12:00 in 2026 it rains.\n\n"
        "From 10:00 to 12:00:00 of 2026\nnobody is here.\n"
    )


def test_windows_line_ends_and_thunderbird_s_separator(tmp_path: Path, read_all: ReadAll) -> None:
    mail = b"From - Tue Apr 07 10:42:00 2026\nX-Mozilla-Status: 0001\n" + bytes(
        _mail("題", "本文\n")
    )
    path = tmp_path / "a.mbox"
    path.write_bytes((mail + b"\n" + mail.replace(b"<1@", b"<2@")).replace(b"\n", b"\r\n"))
    assert len(read_all(path)) == 2


def test_a_message_over_the_limit_costs_itself_only(tmp_path: Path) -> None:
    mails = [bytes(_mail("題", text, i)) for i, text in enumerate(("a\n", "b\n" * 9000, "c\n"))]
    path = _box(tmp_path / "a.mbox", *mails)
    item = FileItem("a.mbox", path, path.stat().st_size, 0, ReadingSettings(max_bytes=10_000))
    outcomes = list(item.read())
    reasons = [o.reason if isinstance(o, Rejection) else "read" for o in outcomes]
    assert reasons == ["read", "too-large", "read"]
    assert outcomes[1].source == "a.mbox/message 2.eml"


def test_a_large_box_is_not_held_in_memory(tmp_path: Path) -> None:
    body = (b"x" * 990 + b"\n") * 100
    mails = (b"Subject: %d\n\n" % i + body for i in range(100))
    path = _box(tmp_path / "a.mbox", *mails)
    tracemalloc.start()
    sizes = [len(a.open().read()) for a in mbox.read(InputFile(path)).attachments]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(sizes) == 100
    assert peak < path.stat().st_size / 10


def test_what_is_no_mailbox(tmp_path: Path, read_all: ReadAll) -> None:
    path = tmp_path / "a.mbox"
    path.write_bytes(b"From time to time\nsomebody writes.\n")
    (rejection,) = read_all(path).values()
    assert isinstance(rejection, Rejection)
    assert rejection.reason == "broken"
