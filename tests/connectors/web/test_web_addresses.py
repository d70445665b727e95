"""Which addresses are asked, and that nothing leads to others: redirects, DNS, odd spellings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from web_site import Site, crawl, documents, html, leads_to, reasons, web_settings

from connectors.errors import SourceError
from connectors.records import Rejection
from connectors.sources import open_source
from connectors.web.addresses import checked_addresses, is_public
from connectors.web.failure import FetchFailed
from connectors.web.urls import normal, site_of

PRIVATE = (
    "0.0.0.0 10.0.0.1 100.64.0.1 100.100.100.200 127.0.0.1 127.8.8.8 168.63.129.16 "
    "169.254.169.254 172.16.0.1 192.0.0.192 192.168.1.1 198.18.0.1 203.0.113.7 224.0.0.1 "
    "240.0.0.1 255.255.255.255 :: ::1 fe80::1 fe80::1%eth0 fc00::1 fd00:ec2::254 fec0::1 ff02::1 "
    "2001:db8::1 ::ffff:127.0.0.1 ::ffff:a9fe:a9fe ::127.0.0.1 ::ffff:0:127.0.0.1 "
    "64:ff9b::7f00:1 64:ff9b::169.254.169.254 64:ff9b:1::1 2002:7f00:1:: 2002:a9fe:a9fe::1 "
    "2001:0:1::1 nonsense"
).split()


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)
    with pytest.raises(FetchFailed, match="allow_private_hosts") as caught:
        checked_addresses("evil.example", 80, (), lambda *_: ["93.184.216.34", address])
    assert caught.value.reason == "refused-address"


@pytest.mark.parametrize(
    "address",
    ["93.184.216.34", "2606:4700::1111", "64:ff9b::5db8:d822", "2002:5db8:d822::1", "1.1.1.1"],
)
def test_addresses_that_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "host",
    ["2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "127.1", "127.0.0.1.", "１２７.0.0.1"],
)
def test_every_spelling_of_an_address_is_the_same_address(host: str) -> None:
    assert normal(f"http://{host}/") == "http://127.0.0.1/"


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("HTTP://Example.COM:80/a/../b/./c#part", "http://example.com/b/c"),
        ("https://example.com", "https://example.com/"),
        ("https://例え.jp/製品?q=湯", "https://xn--r8jz45g.jp/%E8%A3%BD%E5%93%81?q=%E6%B9%AF"),
        (
            "http://e.com/%e3%81%82?b=2&utm_source=x&a=1&PHPSESSID=9",
            "http://e.com/%E3%81%82?a=1&b=2",
        ),
        ("http://e.com/a;jsessionid=8F?x", "http://e.com/a?x"),
        ("http://e.com/../../etc", "http://e.com/etc"),
        ("http://[2606:4700:0:0::1111]:8080/", "http://[2606:4700::1111]:8080/"),
    ],
)
def test_one_address_has_one_spelling(written: str, same: str) -> None:
    assert normal(written) == same
    assert normal(same) == same


@pytest.mark.parametrize(
    "reference",
    [
        "file:///etc/passwd",
        "ftp://e.com/",
        "gopher://e.com/",
        "http://user:pw@e.com/",
        "http://e.com\\@127.0.0.1/",
        "http://999.1.1.1.1/",
        "http://4294967296/",
        "http://[::1%25eth0]x/",
        "http://",
        "http://e.com:99999/",
        "http://a b/",
        "http://e.com/" + "../" * 1_000_000,
    ],
)
def test_what_is_no_address_to_fetch(reference: str) -> None:
    with pytest.raises(FetchFailed):
        normal(reference)


def test_a_site_is_one_host_and_port() -> None:
    site = site_of("http://example.com/")
    assert site.place("http://example.com:8080/") is None
    assert site.place("http://intra.example.com/") is None
    moved = site.moved("https://www.example.com/ja/")
    assert moved is not None
    assert moved.place("http://example.com/x?y=1") == "https://www.example.com/x?y=1"
    assert site.moved("https://example.org/") is None
    assert site.moved("http://example.com:22/") is None


def test_a_private_host_is_fetched_only_where_the_owner_named_it(
    site: Site, tmp_path: Path
) -> None:
    site.pages["/"] = html("<p>The wiki</p>")
    for start in (site.url, f"http://localhost:{site.port}", f"http://0x7f.1:{site.port}"):
        with pytest.raises(SourceError, match="not public"):
            crawl(start, tmp_path, allow_private_hosts=())
    with pytest.raises(SourceError, match="not public"):
        crawl(f"http://other.test:{site.port}", tmp_path, lambda *_: ["127.0.0.1"])
    assert site.asked == []
    items = crawl(
        f"http://wiki.test:{site.port}",
        tmp_path,
        lambda *_: ["127.0.0.1"],
        allow_private_hosts=("Wiki.TEST",),
    )
    assert documents(items)["/"].source == f"http://wiki.test:{site.port}/"
    assert site.asked[0][1]["Host"] == f"wiki.test:{site.port}"


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("http://169.254.169.254/latest/meta-data/", "refused-address"),
        ("http://0xa9fea9fe/", "refused-address"),
        ("http://[::ffff:169.254.169.254]/", "refused-address"),
        ("http://100.64.0.9/admin", "refused-address"),
        ("file:///etc/passwd", "refused-address"),
        ("http://me:pw@127.0.0.1/", "refused-address"),
        ("http://localhost/", "other-site"),
        ("https://elsewhere.example/", "other-site"),
        ("http://127.0.0.1:22/", "refused-address"),
    ],
)
def test_redirects_are_not_followed_out_of_the_site(
    site: Site, tmp_path: Path, target: str, reason: str
) -> None:
    site.pages |= {"/": html('<p>Hi</p><a href="/go">x</a>'), "/go": leads_to(target)}
    assert reasons(crawl(site.url, tmp_path / "a", _only(site))) == {"/go": reason}
    site.pages["/"] = leads_to(target)
    with pytest.raises(SourceError):
        crawl(site.url, tmp_path / "b", _only(site))


def _only(site: Site) -> Callable[[str, int], list[str]]:
    """A look-up that fails the test for any other host or port."""

    def resolve(host: str, port: int) -> list[str]:
        assert (host, port) == ("127.0.0.1", site.port)
        return ["127.0.0.1"]

    return resolve


def test_redirects_that_go_round_or_on_and_on_end(site: Site, tmp_path: Path) -> None:
    site.pages |= {f"/r{n}": leads_to(f"/r{n + 1}", 307) for n in range(20)}
    site.pages |= {"/a": leads_to("/b"), "/b": leads_to("/a"), "/self": leads_to("/self")}
    links = "".join(f'<a href="{path}">x</a>' for path in ("/a", "/b", "/self", "/r0"))
    site.pages["/"] = html(f"<p>Hello</p>{links}")
    found = reasons(crawl(site.url, tmp_path))
    assert {path for path, reason in found.items() if reason == "redirect-loop"} == {
        *("/a", "/b", "/self", "/r5")
    }
    with pytest.raises(SourceError, match="without end"):
        crawl(f"{site.url}/self", tmp_path)


def test_the_start_page_may_lead_on_within_its_site(site: Site, tmp_path: Path) -> None:
    site.pages |= {"/": leads_to("/ja/", 301), "/ja/": html("<p>Welcome to us</p>")}
    items = crawl(site.url, tmp_path)
    assert set(documents(items)) == {"/ja/"}
    assert reasons(items) == {"/": "duplicate"}


def test_a_name_that_changes_its_address_is_never_followed_unchecked(
    site: Site, tmp_path: Path
) -> None:
    """DNS rebinding: public when checked, private when connected to."""
    answers = [["127.0.0.1"], ["10.0.0.8"], ["169.254.169.254"]]
    looked_up: list[str] = []

    def resolve(host: str, _: int) -> list[str]:
        looked_up.append(host)
        return answers[min(len(looked_up), 3) - 1]

    # `Connection: close` makes every request look the name up anew
    site.pages["/robots.txt"] = html("", Connection="close")
    site.pages["/"] = html("<p>Hello</p>")
    with pytest.raises(SourceError, match="not public"):
        crawl(f"http://wiki.test:{site.port}", tmp_path, resolve, allow_private_hosts=())
    assert site.asked == []
    looked_up.clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("connectors.web.addresses.is_public", lambda address: address == "127.0.0.1")
        with pytest.raises(SourceError, match="not public"):
            crawl(f"http://wiki.test:{site.port}", tmp_path, resolve, allow_private_hosts=())
    assert [path for path, _ in site.asked] == ["/robots.txt"]
    assert looked_up == ["wiki.test", "wiki.test"]


def test_the_password_for_a_site_goes_to_its_start_host_only(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WIKI_AUTH", "Bearer hunter2")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    site.pages["/"] = html("<p>Hello</p>")
    hosts = {"allow_private_hosts": ("wiki.test", "www.wiki.test")}
    start = f"http://wiki.test:{site.port}"
    crawl(start, tmp_path, lambda *_: ["127.0.0.1"], auth_header_env="WIKI_AUTH", **hosts)
    assert {headers["Authorization"] for _, headers in site.asked} == {"Bearer hunter2"}
    site.asked.clear()
    site.pages["/"] = leads_to(f"http://www.wiki.test:{site.port}/home")
    site.pages["/home"] = html("<p>Hello</p>")
    crawl(start, tmp_path / "b", lambda *_: ["127.0.0.1"], auth_header_env="WIKI_AUTH", **hosts)
    sent = {
        headers["Host"].partition(":")[0]: "Authorization" in headers for _, headers in site.asked
    }
    assert sent == {"wiki.test": True, "www.wiki.test": False}
    with pytest.raises(SourceError, match="NOT_THERE is not set"):
        crawl(start, tmp_path, lambda *_: ["127.0.0.1"], auth_header_env="NOT_THERE", **hosts)


def test_a_password_in_the_address_is_refused_and_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="user name or password") as caught:
        open_source("https://me:hunter2@example.com/", web_settings(tmp_path))
    assert "hunter2" not in str(caught.value)


def test_no_cookie_is_sent_back(site: Site, tmp_path: Path) -> None:
    site.pages["/"] = html('<p>Hello</p><a href="/b">b</a>', Set_Cookie="id=1")
    site.pages["/b"] = html("<p>Page b</p>")
    items = crawl(site.url, tmp_path)
    assert not [item for item in items if isinstance(item, Rejection)]
    assert not any("Cookie" in headers for _, headers in site.asked)
