"""E-mail."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest

from connectors.records import Document

Read = Callable[[Path], Document]


def _message(body: str, charset: str = "utf-8", subtype: str = "plain") -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = "出張旅費の件"
    message["From"] = "経理課 <keiri@example.com>"
    message["To"] = "all@example.com"
    message["Date"] = "Tue, 07 Apr 2026 10:42:00 +0900"
    message.set_content(body, subtype=subtype, charset=charset)
    return message


@pytest.mark.parametrize("charset", ["utf-8", "iso-2022-jp", "shift_jis", "euc-jp"])
def test_headers_body_and_quoted_text(charset: str, tmp_path: Path, read: Read) -> None:
    path = tmp_path / "mail.eml"
    path.write_bytes(bytes(_message("上限は一万円です。\n\n> 上限はいくらですか。\n", charset)))
    document = read(path)
    assert document.title == "出張旅費の件"
    assert document.parts[0].text == (
        "Subject: 出張旅費の件\nFrom: 経理課 <keiri@example.com>\nTo: all@example.com\n"
        "Date: Tue, 07 Apr 2026 10:42:00 +0900\n\n上限は一万円です。\n\n> 上限はいくらですか。\n"
    )


def test_html_only_and_attachments(tmp_path: Path, read: Read) -> None:
    message = _message("<h1>お知らせ</h1><p>休業します。</p>", subtype="html")
    message.add_attachment(b"x", maintype="application", subtype="pdf", filename="規程.pdf")
    path = tmp_path / "mail.eml"
    path.write_bytes(bytes(message))
    document = read(path)
    assert document.parts[0].text.endswith("\n\n# お知らせ\n\n休業します。\n")
    assert document.notes == ("attachment not imported: 規程.pdf",)


def test_unknown_charset_and_raw_header(tmp_path: Path, read: Read) -> None:
    head = "Subject: 見積の件\nContent-Type: text/plain; charset=x-unknown\n\n"
    path = tmp_path / "mail.eml"
    path.write_bytes((head + "お世話になっております。\n").encode("cp932"))
    document = read(path)
    assert document.title == "見積の件"
    assert document.parts[0].text.endswith("お世話になっております。\n")
