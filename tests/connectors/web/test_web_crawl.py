"""Crawling a real server: what is imported, what is left out and why."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from web_site import Reply, Site, crawl, documents, html, leads_to, page_bytes, reasons

from connectors.errors import SourceError
from connectors.records import Rejection


def test_pages_and_linked_files_become_documents_by_their_address(
    site: Site, tmp_path: Path
) -> None:
    site.pages["/"] = html(
        '<nav><a href="/about.html">About</a></nav><h1>Kettles</h1><p>We make kettles.</p>'
        "<ul><li>quiet</li></ul><table><tr><th>Model</th><td>K-210</td></tr></table>"
        '<a href="/prices.csv?utm_source=x">Prices</a> <a href="mailto:a@b.c">Mail</a>'
        '<a href="https://elsewhere.example/">Elsewhere</a>',
        "<title>Home</title>",
    )
    site.pages["/about.html"] = html("<h1>About us</h1><p>Since 1950.</p>")
    site.pages["/prices.csv"] = page_bytes(b"SKU,Name,Price\nK-210,Kettle,3980\n", "text/csv")
    items = crawl(site.url, tmp_path)
    assert reasons(items) == {}
    found = documents(items)
    assert set(found) == {"/", "/about.html", "/prices.csv"}
    home = found["/"]
    assert (home.source, home.title, home.format) == (f"{site.url}/", "Home", "html")
    for kept in ("# Kettles", "- quiet", "| Model | K-210 |"):
        assert kept in home.parts[0].text
    assert found["/prices.csv"].products[0].sku == "K-210"
    assert found["/prices.csv"].title == "prices"


def test_robots_txt_is_obeyed_and_names_the_agent(site: Site, tmp_path: Path) -> None:
    site.pages["/robots.txt"] = Reply(
        b"User-agent: *\nAllow: /\n\nUser-agent: Monoshiri\nDisallow: /private/\n"
    )
    site.pages["/"] = html('<p>Hello</p><a href="/private/a.html">a</a><a href="/b.html">b</a>')
    site.pages["/b.html"] = html("<p>Another page</p>")
    items = crawl(site.url, tmp_path, contact="https://example.com/bot")
    assert reasons(items) == {"/private/a.html": "robots"}
    assert set(documents(items)) == {"/", "/b.html"}
    assert "/private/a.html" not in [path for path, _ in site.asked]
    assert {headers["User-Agent"] for _, headers in site.asked} == {
        "Monoshiri/0.1 (+https://example.com/bot)"
    }


@pytest.mark.parametrize(
    "robots", [Reply(b"User-agent: *\nDisallow: /\n"), Reply(b"down", 503)], ids=["all", "fault"]
)
def test_a_site_that_robots_txt_closes_is_not_crawled(
    site: Site, tmp_path: Path, robots: Reply
) -> None:
    site.pages |= {"/robots.txt": robots, "/": html("<p>Hello</p>")}
    with pytest.raises(SourceError):
        crawl(site.url, tmp_path)
    assert site.paths() == []


def test_crawl_delay_is_kept(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr("connectors.web.fetch.time.sleep", waits.append)
    site.pages["/robots.txt"] = Reply(b"User-agent: *\nCrawl-delay: 7\n")
    site.pages["/"] = html("<p>Hello</p>")
    crawl(site.url, tmp_path)
    assert sum(wait > 6 for wait in waits) == 1  # start page at once, then the sitemap
    site.pages["/robots.txt"] = Reply(b"User-agent: *\nCrawl-delay: 86400\n")
    with pytest.raises(SourceError, match="86400 seconds"):
        crawl(site.url, tmp_path)


def test_pages_that_only_a_sitemap_names_are_found(site: Site, tmp_path: Path) -> None:
    site.pages["/robots.txt"] = Reply(f"Sitemap: {site.url}/maps/index.xml\n".encode())
    site.pages["/maps/index.xml"] = Reply(
        f'<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        f"<sitemap><loc>{site.url}/maps/a.xml.gz</loc></sitemap>"
        f"<sitemap><loc>{site.url}/maps/gone.xml</loc></sitemap></sitemapindex>".encode()
    )
    pages = (
        f"<urlset><url><loc>{site.url}/hidden.html</loc><lastmod>2026-01-01</lastmod></url>"
        f"<url><loc>http://other.example/x</loc></url>"
        f"<url><loc>http://me:hunter2@127.0.0.1:{site.port}/x</loc></url></urlset>"
    )
    site.pages["/maps/a.xml.gz"] = page_bytes(gzip.compress(pages.encode()), "application/gzip")
    site.pages["/"] = html("<p>Hello</p>")
    site.pages["/hidden.html"] = html("<p>Nobody links here</p>")
    items = crawl(site.url, tmp_path)
    assert set(documents(items)) == {"/", "/hidden.html"}
    found = reasons(items)
    assert found.pop("/x") == "refused-address"
    assert found == {"/maps/gone.xml": "not-found"}
    assert "hunter2" not in str(items)


def test_a_sitemap_s_entities_are_not_resolved(site: Site, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("/from-the-disk.html", encoding="utf-8")
    site.pages["/sitemap.xml"] = Reply(
        f'<!DOCTYPE u [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
        "<urlset><url><loc>&e;</loc></url><url><loc>/b.html</loc></url></urlset>".encode()
    )
    site.pages |= {"/": html("<p>Hello</p>"), "/b.html": html("<p>Page b</p>")}
    crawl(site.url, tmp_path / "cache")
    assert sorted(site.paths()) == ["/", "/b.html"]


def test_depth_pages_and_patterns_limit_the_crawl(site: Site, tmp_path: Path) -> None:
    for number in range(6):
        site.pages[f"/{number}.html"] = html(
            f'<p>The page of number {number}</p><a href="/{number + 1}.html">next</a>'
        )
    items = crawl(f"{site.url}/0.html", tmp_path / "a", depth=2)
    assert set(documents(items)) == {"/0.html", "/1.html", "/2.html"}
    assert reasons(items) == {"/3.html": "too-deep"}
    items = crawl(f"{site.url}/0.html", tmp_path / "b", pages=2, depth=9)
    assert set(documents(items)) == {"/0.html", "/1.html"}
    assert reasons(items) == {"/2.html": "page-limit"}
    items = crawl(f"{site.url}/0.html", tmp_path / "c", include=("/[12].html",), exclude=("2*",))
    assert set(documents(items)) == {"/1.html"}
    assert reasons(items) == {"/0.html": "ignored", "/2.html": "ignored"}


def test_calendars_and_circles_end(site: Site, tmp_path: Path) -> None:
    def endless(handler: object) -> None:
        day = int(handler.path.rpartition("=")[2] or 0)  # type: ignore[attr-defined]
        body = f'<p>Day {day} is free</p><a href="/cal?day={day + 1}">next</a>'.encode()
        handler._send(page_bytes(body, "text/html"))  # type: ignore[attr-defined]

    site.pages |= {f"/cal?day={day}": Reply(raw=endless) for day in range(200)}
    site.pages["/"] = html('<p>Hi</p><a href="/cal?day=0">cal</a><a href="/a/b/a/b/a/b/a/">o</a>')
    found = crawl(site.url, tmp_path, pages=60, depth=50)
    assert reasons(found) == {"/a/b/a/b/a/b/a/": "trap", "/cal?day=30": "trap"}
    assert len(documents(found)) == 31


def test_the_same_page_is_imported_once(site: Site, tmp_path: Path) -> None:
    text = "<h1>Kettle</h1><p>The kettle holds 1.5 litres and boils in four minutes.</p>"
    own = '<link rel="canonical" href="/kettle">'
    site.pages["/"] = html(
        "<p>All of our products are listed on this page.</p>"
        + "".join(
            f'<a href="{link}">x</a>'
            for link in ("/kettle?ref=1", "/kettle", "/copy", "/old", "/kettle#top", "/wrong")
        )
    )
    site.pages["/kettle"] = html(text, own)
    site.pages["/kettle?ref=1"] = html(text + "<p>print</p>", own)
    site.pages["/copy"] = html(text, "<meta name=token content=17>")
    site.pages["/old"] = leads_to("/kettle", 301)
    site.pages["/wrong"] = html("<p>Opening hours: nine to five, all days</p>", own)
    items = crawl(site.url, tmp_path)
    assert set(documents(items)) == {"/", "/kettle", "/wrong"}
    assert reasons(items) == dict.fromkeys(("/kettle?ref=1", "/copy", "/old"), "duplicate")
    assert all("/kettle" in i.message for i in items if isinstance(i, Rejection))


def test_noindex_nofollow_and_hreflang(site: Site, tmp_path: Path) -> None:
    site.pages["/"] = html(
        '<p>Hello</p><a href="/no.html">1</a><a rel="nofollow" href="/login.html">2</a>'
        '<a href="/end.html">3</a><a href="/header.html">4</a>',
        '<link rel="alternate" hreflang="ja" href="/ja/">',
    )
    site.pages["/no.html"] = html(
        '<a href="/below.html">x</a>', "<meta name=robots content=noindex>"
    )
    site.pages["/below.html"] = html("<p>Found all the same</p>")
    site.pages["/end.html"] = html(
        '<p>The end</p><a href="/login.html">x</a>', '<meta name="ROBOTS" content="NoFollow">'
    )
    site.pages["/header.html"] = html("<p>Hidden</p>", X_Robots_Tag="noindex")
    site.pages["/ja/"] = html("<p>やかんの会社です。静かで丈夫です。</p>")
    items = crawl(site.url, tmp_path)
    found = documents(items)
    assert set(found) == {"/", "/below.html", "/end.html", "/ja/"}
    assert found["/ja/"].language == "ja"
    assert reasons(items) == {
        "/no.html": "noindex",
        "/header.html": "noindex",
        "/login.html": "nofollow",
    }


SENTENCE = "<p>静かな電気やかんは、四分で湯が沸きます。</p>"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (SENTENCE.encode("euc_jp"), "text/html; charset=EUC-JP"),
        (SENTENCE.encode("cp932"), 'text/html; charset="Shift_JIS"'),
        (b'<meta charset="shift_jis">' + SENTENCE.encode("cp932"), "text/html"),
        (b'<meta charset="shift_jis">' + SENTENCE.encode(), "text/html; charset=utf-8"),
        (b'<meta charset="shift_jis">' + SENTENCE.encode("cp932"), "text/html; charset=utf-8"),
        (b'<meta charset="euc-jp">' + SENTENCE.encode("euc_jp"), "text/html; charset=ISO-8859-1"),
        (SENTENCE.encode("cp932"), "text/html; charset=nonsense"),
    ],
    ids="header-euc header-sjis meta-sjis header-wins wrong-utf8 wrong-latin unknown".split(),
)
def test_the_encoding_is_that_of_the_header_or_the_page(
    site: Site, tmp_path: Path, body: bytes, content_type: str
) -> None:
    site.pages["/"] = page_bytes(body, content_type)
    (document,) = documents(crawl(site.url, tmp_path)).values()
    assert document.parts[0].text == "静かな電気やかんは、四分で湯が沸きます。\n"


def test_what_is_no_document_is_told_by_type(site: Site, tmp_path: Path) -> None:
    site.pages["/"] = html(
        '<p>Hello</p><a href="/a.exe">1</a><a href="/film">2</a><a href="/get?id=3">3</a>'
        '<a href="/empty.html">4</a><a href="http://u:hunter2@127.0.0.1/">5</a>'
    )
    site.pages["/film"] = page_bytes(b"0" * 100, "video/mp4")
    site.pages["/get?id=3"] = page_bytes(
        b"The manual",
        "application/octet-stream",
        Content_Disposition='attachment; filename="m.txt"',
    )
    site.pages["/empty.html"] = page_bytes(b"", "text/html")
    items = crawl(site.url, tmp_path)
    assert documents(items)["/get?id=3"].format == "txt"
    found = reasons(items)
    assert found.pop("/") == "refused-address"
    assert found == {"/a.exe": "unsupported", "/film": "unsupported", "/empty.html": "empty"}
    assert "hunter2" not in str(items)
    assert "/a.exe" not in site.paths()
