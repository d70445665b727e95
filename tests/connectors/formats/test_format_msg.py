"""Outlook messages."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import outlook_files as outlook
import pytest

from connectors.records import Document, Rejection

ReadAll = Callable[[Path], dict[str, Document | Rejection]]
Read = Callable[[Path], Document]

SENT = 134_000_000_000_000_000  # 2025-08-18 14:13 UTC in units of 100 ns since 1601


def _write(path: Path, tree: outlook.Tree) -> Path:
    path.write_bytes(outlook.ole_file(tree))
    return path


@pytest.mark.parametrize("codepage", [0, 932])
def test_headers_and_japanese_body(codepage: int, tmp_path: Path, read: Read) -> None:
    properties = {
        outlook.SUBJECT: "出張旅費の件",
        outlook.FROM_NAME: "経理課",
        outlook.FROM_SMTP: "keiri@example.com",
        outlook.TO: "営業部",
        outlook.SUBMITTED: SENT,
        outlook.BODY: "上限は①一万円です。\r\n表にない費用は申請してください。\r\n",
    }
    document = read(_write(tmp_path / "a.msg", outlook.message(properties, codepage=codepage)))
    assert document.title == "出張旅費の件"
    assert document.language == "ja"
    assert document.parts[0].text == (
        "Subject: 出張旅費の件\nFrom: 経理課 <keiri@example.com>\nTo: 営業部\n"
        "Date: 2025-08-18 14:13 UTC\n\n上限は①一万円です。\n表にない費用は申請してください。\n"
    )


def test_shift_jis_without_a_code_page_is_found_out(tmp_path: Path, read: Read) -> None:
    tree = outlook.message({outlook.SUBJECT: "棚卸の予定について"}, codepage=932)
    tree["__properties_version1.0"] = tree["__properties_version1.0"][:32]
    assert read(_write(tmp_path / "a.msg", tree)).title == "棚卸の予定について"


def test_the_date_is_that_of_the_mail_s_own_header(tmp_path: Path, read: Read) -> None:
    headers = "Date: Tue, 07 Apr 2026 10:42:00 +0900\r\nX: y\r\n"
    properties = {outlook.HEADERS: headers, outlook.SUBMITTED: SENT, outlook.BODY: "本文です。"}
    document = read(_write(tmp_path / "a.msg", outlook.message(properties)))
    assert "Date: Tue, 07 Apr 2026 10:42:00 +0900\n" in document.parts[0].text


def test_html_is_used_where_there_is_no_plain_text(tmp_path: Path, read: Read) -> None:
    html = '<meta charset="shift_jis"><h1>お知らせ</h1><p>休業します。</p>'.encode("cp932")
    document = read(_write(tmp_path / "a.msg", outlook.message({outlook.HTML: html})))
    assert document.parts[0].text.endswith("\n\n# お知らせ\n\n休業します。\n")


def test_rtf_is_used_where_there_is_nothing_else(tmp_path: Path, read: Read) -> None:
    # The compressed text of section 4.1 of [MS-OXRTFCP]: `hello world`.
    packed = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c0900206277"
        "05b06c647d0a800fa0"
    )
    document = read(_write(tmp_path / "a.msg", outlook.message({outlook.RTF: packed})))
    assert "hello world" in document.parts[0].text


def test_attachments_and_messages_inside(tmp_path: Path, read_all: ReadAll) -> None:
    inner = outlook.message(
        {outlook.SUBJECT: "転送", outlook.BODY: "元のメールです。"},
        outlook.attachment("規程.md", "# 規程\n\n第1条\n".encode()),
    )
    html = b'<p>see <img src="cid:logo@1"></p>'
    tree = outlook.message(
        {outlook.SUBJECT: "資料", outlook.BODY: "添付します。", outlook.HTML: html},
        outlook.attachment("手順.txt", ("手順です。\n" * 1000).encode("cp932")),
        outlook.attachment("logo.png", b"png", cid="logo@1"),
        outlook.attachment("photo.xcf", b"bmp"),
        outlook.attached_message("転送", inner),
    )
    found = read_all(_write(tmp_path / "box.msg", tree))
    reasons = {n: r.reason for n, r in found.items() if isinstance(r, Rejection)}
    assert reasons == {"box.msg/logo.png": "ignored", "box.msg/photo.xcf": "unsupported"}
    assert next(iter(found)) == "box.msg"
    documents = {n: d for n, d in found.items() if isinstance(d, Document)}
    assert set(documents) == {
        "box.msg",
        "box.msg/手順.txt",
        "box.msg/転送.eml",
        "box.msg/転送.eml/規程.md",
    }
    assert documents["box.msg/手順.txt"].parts[0].text == "手順です。\n" * 1000
    assert documents["box.msg/転送.eml"].parts[0].text.endswith("元のメールです。\n")
    assert documents["box.msg/転送.eml/規程.md"].title == "規程"


@pytest.mark.parametrize("damage", ["cut", "text", "other", "numbers"])
def test_what_is_no_message_is_rejected(
    damage: str, tmp_path: Path, reject: Callable[[Path], Rejection]
) -> None:
    good = outlook.ole_file(outlook.message({outlook.SUBJECT: "題", outlook.BODY: "本文" * 3000}))
    path = tmp_path / "a.msg"
    path.write_bytes(
        {
            "cut": good[: len(good) // 2],
            "text": b"Subject: no OLE file\n\n" * 200,
            "other": outlook.ole_file({"Contents": b"x" * 5000}),
            "numbers": good[:48] + struct.pack("<I", 0x7FFFFFFF) + good[52:],
        }[damage]
    )
    assert reject(path).reason == "broken"
