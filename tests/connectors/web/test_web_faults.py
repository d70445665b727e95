"""Slow, endless, packed and broken answers; a site that is down is not a deletion."""

from __future__ import annotations

import gzip
import time
import zlib
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from web_site import Reply, Site, crawl, documents, html, leads_to, page_bytes, reasons

from connectors.errors import SourceError

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def written(*pieces: bytes, pause: float = 0.0, times: int = 1) -> Reply:
    """A response byte by byte, after which the connection is closed."""

    def write(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        try:
            for piece in pieces * times:
                handler.wfile.write(piece)
                handler.wfile.flush()
                time.sleep(pause)
        except OSError:
            return  # the client has had enough

    return Reply(raw=write)


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True
    try:
        handler.wfile.write(HEAD + b"\r\n")
        while True:
            handler.wfile.write(b"<p>and on</p>" * 1000)
    except OSError:
        return


def packed(data: bytes, encoding: str) -> Reply:
    return page_bytes(data, "text/html", Content_Encoding=encoding)


BAD = {
    "endless": (Reply(raw=endless), "too-large"),
    "long": (written(HEAD + b"Content-Length: 9000000\r\n\r\n" + b"x" * 3_000_000), "too-large"),
    "bomb": (packed(gzip.compress(b"\0" * 50_000_000), "gzip"), "too-large"),
    "cut-gzip": (packed(gzip.compress(b"<p>some text</p>")[:-9], "gzip"), "broken"),
    "no-gzip": (packed(b"<p>some text</p>", "gzip"), "broken"),
    "brotli": (packed(b"<p>some text</p>", "br"), "broken"),
    "cut": (written(HEAD + b"Content-Length: 100\r\n\r\n<p>"), "unreachable"),
    "garbage": (written(b"SSH-2.0-OpenSSH\r\n"), "unreachable"),
    "long-head": (written(HEAD + b"X: " + b"y" * 300_000), "unreachable"),
    "gone": (Reply(b"", 410), "not-found"),
    "login": (Reply(b"who are you", 401), "forbidden"),
    "teapot": (Reply(b"", 418), "http-418"),
    "fault": (Reply(b"", 500), "http-500"),
    "nowhere": (Reply(b"", 302), "http-302"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_page_costs_that_page_only(site: Site, tmp_path: Path, name: str) -> None:
    bad, reason = BAD[name]
    site.pages["/"] = html('<p>Hello</p><a href="/bad">x</a><a href="/good">y</a>')
    site.pages |= {"/bad": bad, "/good": html("<p>All is well here</p>")}
    items = crawl(site.url, tmp_path, max_bytes=2_000_000)
    assert reasons(items) == {"/bad": reason}
    assert set(documents(items)) == {"/", "/good"}


@pytest.mark.parametrize(
    "slow",
    [
        written(HEAD + b"\r\n", *[b"x"] * 200, pause=0.1),
        written(HEAD, *[b"X-A: b\r\n"] * 200, pause=0.1),
        written(pause=0.1),
    ],
    ids=["body", "head", "silent"],
)
def test_drops_of_an_answer_do_not_stretch_the_time(
    site: Site, tmp_path: Path, slow: Reply
) -> None:
    site.pages |= {"/": html('<p>Hello</p><a href="/slow">x</a>'), "/slow": slow}
    if slow.raw is not None and slow is not None:
        items = crawl(site.url, tmp_path, seconds_per_request=1)
        assert reasons(items)["/slow"] in ("timeout", "unreachable")


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress, lambda b: zlib.compress(b)[2:-4]])
def test_packed_pages_are_unpacked(
    site: Site, tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    encoding = "gzip" if pack is gzip.compress else "deflate"
    site.pages["/"] = packed(pack(b"<p>The packed page</p>"), encoding)
    assert documents(crawl(site.url, tmp_path))["/"].parts[0].text == "The packed page\n"


def test_a_busy_server_is_asked_once_more(site: Site, tmp_path: Path) -> None:
    calls: list[int] = []

    def busy(handler: BaseHTTPRequestHandler) -> None:
        calls.append(1)
        first = Reply(status=429, headers={"Retry-After": "0"})
        handler._send(first if len(calls) == 1 else html("<p>Here it is</p>"))  # type: ignore[attr-defined]

    site.pages["/"] = Reply(raw=busy)
    assert set(documents(crawl(site.url, tmp_path))) == {"/"}
    assert len(calls) == 2


def test_only_what_changed_is_sent_again(site: Site, tmp_path: Path) -> None:
    site.pages["/"] = html('<p>Hello</p><a href="/b">b</a>', ETag='"1"')
    site.pages["/b"] = html("<p>Page b, first version</p>", ETag='"b1"')
    first = crawl(site.url, tmp_path)
    site.pages["/b"] = html("<p>Page b, second version</p>", ETag='"b2"')
    site.asked.clear()
    second = crawl(site.url, tmp_path)
    asked = {path: headers.get("If-None-Match") for path, headers in site.asked}
    assert (asked["/"], asked["/b"]) == ('"1"', '"b1"')
    before, after = ({i.source[-1]: i.stamp for i in items} for items in (first, second))  # type: ignore[union-attr]
    assert before["/"] == after["/"]
    assert before["b"] != after["b"]
    assert "second" in documents(second)["/b"].parts[0].text


def test_a_page_that_is_gone_is_gone_and_its_copy_with_it(site: Site, tmp_path: Path) -> None:
    site.pages |= {"/": html('<p>Hello</p><a href="/b">b</a>'), "/b": html("<p>Page b</p>")}
    crawl(site.url, tmp_path)
    assert len(list(tmp_path.rglob("bodies/*"))) == 2
    site.pages["/b"] = Reply(b"gone", 404)
    items = crawl(site.url, tmp_path)
    assert set(documents(items)) == {"/"}
    assert reasons(items) == {"/b": "not-found"}
    assert len(list(tmp_path.rglob("bodies/*"))) == 1


@pytest.mark.parametrize("fault", ["fault", "cut", "garbage", "cut-gzip"])
def test_a_page_that_fails_for_the_moment_stays_with_what_it_links_to(
    site: Site, tmp_path: Path, fault: str
) -> None:
    site.pages["/"] = html('<p>Hello</p><a href="/old">b</a>')
    site.pages["/old"] = leads_to("/b")
    site.pages["/b"] = html('<p>Page b</p><a href="/c">c</a>')
    site.pages["/c"] = html("<p>Page c</p>")
    site.pages["/sitemap.xml"] = Reply(b"<urlset><url><loc>/d</loc></url></urlset>")
    site.pages["/d"] = html("<p>Page d</p>")
    before = documents(crawl(site.url, tmp_path))
    assert set(before) == {"/", "/b", "/c", "/d"}
    site.pages |= dict.fromkeys(("/old", "/b", "/sitemap.xml"), BAD[fault][0])
    items = crawl(site.url, tmp_path)
    after = documents(items)
    assert set(after) == set(before)
    assert after["/b"].parts == before["/b"].parts
    reason = BAD[fault][1]
    (note,) = after["/b"].notes
    assert note.startswith(f"not available at the last import ({reason})")
    assert after["/c"].notes == ()
    assert {i.stamp for i in crawl(site.url, tmp_path) if i.source.endswith("/b")} == {  # type: ignore[union-attr]
        i.stamp
        for i in items
        if i.source.endswith("/b")  # type: ignore[union-attr]
    }


@pytest.mark.parametrize("status", [404, 403, 500, 503])
def test_a_start_page_that_fails_is_no_deletion(site: Site, tmp_path: Path, status: int) -> None:
    site.pages |= {"/": html('<p>Hello</p><a href="/b">b</a>'), "/b": html("<p>Page b</p>")}
    crawl(site.url, tmp_path)
    kept = sorted(tmp_path.rglob("bodies/*"))
    site.pages["/"] = Reply(b"down", status)
    with pytest.raises(SourceError):
        crawl(site.url, tmp_path)
    assert sorted(tmp_path.rglob("bodies/*")) == kept


def test_a_site_that_goes_down_during_the_crawl_is_no_deletion(site: Site, tmp_path: Path) -> None:
    links = "".join(f'<a href="/{n}">x</a>' for n in range(9))
    site.pages["/"] = html(f"<p>Hello</p>{links}")
    site.pages |= {f"/{n}": html(f"<p>The page {n}</p>") for n in range(9)}
    crawl(site.url, tmp_path)
    site.pages |= {f"/{n}": BAD["cut"][0] for n in range(3, 9)}
    site.paths()
    with pytest.raises(SourceError, match="stopped answering"):
        crawl(site.url, tmp_path)
    site.pages |= {f"/{n}": html(f"<p>The page {n}</p>") for n in range(9)}
    site.paths()
    assert len(documents(crawl(site.url, tmp_path))) == 10
    asked = site.paths()
    assert "/" in asked
    assert "/8" in asked
    assert "/0" not in asked  # it goes on where it was


def test_a_server_that_is_not_there(site: Site, tmp_path: Path) -> None:
    site.close()
    with pytest.raises(SourceError, match="can't be reached"):
        crawl(site.url, tmp_path)
    with pytest.raises(SourceError, match="no host"):
        crawl("http://nowhere.test/", tmp_path, lambda *_: [])


def test_hostile_markup_does_not_stop_the_crawl(site: Site, tmp_path: Path) -> None:
    site.pages["/"] = html(
        "<p>Hello</p>"
        + "<div>" * 30_000
        + '<a href="/deep">x</a>'
        + "</div>" * 30_000
        + '<a href="http://[bad">y</a><a href="/\x00">z</a><a href="//">w</a><base href="data:,x">'
    )
    site.pages["/deep"] = html("<p>Page deep</p>")
    items = crawl(site.url, tmp_path)
    assert f"{site.url}/" in {item.source for item in items}
