"""Web archives."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

from connectors.records import Document, Rejection

Read = Callable[[Path], Document]


def _archive(path: Path, *pages: tuple[str, str], charset: str = "utf-8") -> Path:
    message = EmailMessage()
    message["From"] = "<Saved by Blink>"
    message["Subject"] = "案内"
    message["MIME-Version"] = "1.0"
    message.make_related()
    for location, html in pages:
        page = EmailMessage()
        page.set_content(html, subtype="html", charset=charset, cte="quoted-printable")
        page["Content-Location"] = location
        message.attach(page)
    image = EmailMessage()
    image.set_content(b"\x89PNG", maintype="image", subtype="png")
    message.attach(image)
    path.write_bytes(bytes(message))
    return path


def test_the_page_without_its_frames(tmp_path: Path, read: Read) -> None:
    page = "<html><head><title>料金表</title></head><body><h1>料金</h1><p>百円①</p></body></html>"
    advert = "<html><body>広告</body></html>"
    path = _archive(tmp_path / "a.mhtml", ("https://e.com/", page), ("cid:frame", advert))
    document = read(path)
    assert document.title == "料金表"
    assert document.parts[0].text == "# 料金\n\n百円①\n"
    assert document.notes == ("frames left out: 1",)


def test_the_charset_of_the_page_where_its_header_names_none(tmp_path: Path, read: Read) -> None:
    html = '<html><head><meta charset="shift_jis"></head><body><p>髙橋①</p></body></html>'
    head = "MIME-Version: 1.0\nContent-Type: text/html\nContent-Transfer-Encoding: 8bit\n\n"
    path = tmp_path / "a.mht"
    path.write_bytes((head + html).encode("cp932"))
    assert read(path).parts[0].text == "髙橋①\n"


def test_a_workbook_saved_as_a_web_archive_under_xls(tmp_path: Path, read: Read) -> None:
    frames = "<html><head><frameset><frame src='sheet001.htm'></frameset></head></html>"
    sheet = "<html><body><table><tr><td>型番</td><td>価格</td></tr></table></body></html>"
    path = _archive(
        tmp_path / "a.xls",
        ("file:///C:/a.htm", frames),
        ("file:///C:/a.files/sheet001.htm", sheet),
        ("file:///C:/a.files/sheet002.htm", "<p>備考</p>"),
    )
    document = read(path)
    assert [part.locator for part in document.parts] == ["sheet001", "sheet002"]
    assert document.parts[0].text.startswith("| 型番 | 価格 |")


def test_damaged(tmp_path: Path, reject: Callable[[Path], Rejection]) -> None:
    path = tmp_path / "a.mht"
    path.write_bytes(b"no archive at all")
    assert reject(path).reason == "broken"
