"""E-mail."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest

from connectors.records import Document, Rejection

ReadAll = Callable[[Path], dict[str, Document | Rejection]]
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


def test_html_only(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "mail.eml"
    path.write_bytes(bytes(_message("<h1>お知らせ</h1><p>休業します。</p>", subtype="html")))
    assert read(path).parts[0].text.endswith("\n\n# お知らせ\n\n休業します。\n")


def test_attachments_are_documents_of_their_own(tmp_path: Path, read_all: ReadAll) -> None:
    message = _message("資料を添付します。\n")
    message.add_attachment("# 規程\n".encode(), "text", "markdown", filename="規程.md")
    message.add_attachment(b"a,b\n1,2\n", "text", "csv")
    message.add_attachment(b"x", "application", "ms-tnef", filename="winmail.dat")
    message.add_attachment(b"x", "application", "pkcs7-signature", filename="smime.p7s")
    inner = _message("転送元です。\n")
    inner.replace_header("Subject", "元の件/名")
    inner.add_attachment(b"[1]", "application", "json", filename="deep.json")
    message.add_attachment(inner)
    path = tmp_path / "mail.eml"
    path.write_bytes(bytes(message))
    found = read_all(path)
    assert {n: o.reason if isinstance(o, Rejection) else o.title for n, o in found.items()} == {
        "mail.eml": "出張旅費の件",
        "mail.eml/規程.md": "規程",
        "mail.eml/unnamed.csv": "unnamed",
        "mail.eml/winmail.dat": "unsupported",
        "mail.eml/smime.p7s": "ignored",
        "mail.eml/元の件_名.eml": "元の件/名",
        "mail.eml/元の件_名.eml/deep.json": "deep",
    }
    rejection = found["mail.eml/winmail.dat"]
    assert isinstance(rejection, Rejection)
    assert "Outlook" in rejection.message


def test_pictures_within_the_text_are_ignored(tmp_path: Path, read_all: ReadAll) -> None:
    message = _message("本文です。\n")
    message.add_alternative('<p>本文です。</p><img src="cid:logo@1">', subtype="html")
    html = message.get_payload()[1]
    assert isinstance(html, EmailMessage)
    html.add_related(b"png", "image", "png", cid="<logo@1>", filename="logo.bmp")
    message.add_attachment(b"png", "image", "bmp", filename="photo.xcf")
    path = tmp_path / "mail.eml"
    path.write_bytes(bytes(message))
    found = read_all(path)
    reasons = {n: o.reason for n, o in found.items() if isinstance(o, Rejection)}
    assert reasons == {"mail.eml/logo.bmp": "ignored", "mail.eml/photo.xcf": "unsupported"}


def test_text_after_an_attachment_is_read(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "mail.eml"
    path.write_bytes(
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nBefore.\n"
        b"--b\nContent-Type: text/csv; name=a.csv\n\na,b\n1,2\n"
        b"--b\nContent-Type: text/html\n\n<p>After.</p>\n--b--\n"
    )
    assert read(path).parts[0].text == "Before.\n\nAfter.\n"


@pytest.mark.parametrize(
    "header",
    [
        "filename*=Shift_JIS''%97%B7%94%EF.csv",
        "filename*0*=UTF-8''%E6%97%85; filename*1*=%E8%B2%BB.csv",
        'filename="=?UTF-8?B?5peF6LK7LmNzdg==?="',
        'filename="=?ISO-2022-JP?B?GyRCTjlIcRsoQi5jc3Y=?="',
        'filename="旅費.csv"',
    ],
)
def test_names_of_attachments(header: str, tmp_path: Path, read_all: ReadAll) -> None:
    head = (
        "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: application/octet-stream\n"
        f"Content-Disposition: attachment; {header}\n\na,b\n1,2\n--b--\n"
    )
    path = tmp_path / "mail.eml"
    path.write_bytes(head.encode("cp932"))
    assert "mail.eml/旅費.csv" in read_all(path)


def test_parts_in_parts_without_end(tmp_path: Path, read_all: ReadAll) -> None:
    head = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (i, i) for i in range(300)
    )
    path = tmp_path / "mail.eml"
    path.write_bytes(b"Subject: deep\n" + head + b"\nText.\n")
    assert "mail.eml" in read_all(path)


def test_unknown_charset_and_raw_header(tmp_path: Path, read: Read) -> None:
    head = "Subject: 見積の件\nContent-Type: text/plain; charset=x-unknown\n\n"
    path = tmp_path / "mail.eml"
    path.write_bytes((head + "お世話になっております。\n").encode("cp932"))
    document = read(path)
    assert document.title == "見積の件"
    assert document.parts[0].text.endswith("お世話になっております。\n")
