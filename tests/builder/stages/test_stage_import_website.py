"""Importing a website: only what changed, nothing lost to a fault or a kill."""

from __future__ import annotations

import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from builder_fakes import ListVoice
from stage_case import documents_of
from web_site import Reply, Site, html, leads_to, path_of

from builder.config import Config
from builder.jsonl import read_jsonl
from builder.stages.context import Context
from builder.stages.importing import run_import, source_changes
from builder.workspace import Workspace
from connectors.errors import SourceError
from connectors.records import Rejection

RUN = """
import sys
from pathlib import Path
from test_stage_import_website import site_context
from builder.stages.importing import run_import, source_changes
run_import(site_context(Path(sys.argv[1]), sys.argv[2]))
"""


def site_context(bot: Path, url: str) -> Context:
    web = {"allow_private_hosts": ["127.0.0.1"], "requests_per_second": 50.0}
    config = Config.model_validate({"sources": {"paths": [url], "web": web}})
    return Context(Workspace(bot), config, ListVoice())


def paths_of(context: Context) -> set[str]:
    return {path_of(source) for source in documents_of(context)}


def rejections_of(context: Context) -> dict[str, str]:
    found = read_jsonl(Rejection, context.workspace.rejections)
    return {path_of(rejection.source): rejection.reason for rejection in found}


@pytest.fixture
def shop(site: Site) -> Site:
    """Six pages, one behind the other, and a redirect."""
    for number in range(6):
        link = f'<a href="/{number + 1}.html">next</a>'
        site.pages[f"/{number}.html"] = html(f"<p>The page of kettle {number}</p>{link}")
    site.pages["/5.html"] = html("<p>The last page of all</p>")
    site.pages["/"] = html('<p>Our kettles</p><a href="/0.html">x</a><a href="/old">y</a>')
    site.pages["/old"] = leads_to("/1.html")
    return site


def test_pages_are_imported_updated_and_removed(shop: Site, tmp_path: Path) -> None:
    context = site_context(tmp_path, shop.url)
    run_import(context)
    assert paths_of(context) == {"/", "/0.html", "/1.html", "/2.html"}
    assert rejections_of(context) == {"/old": "duplicate", "/3.html": "too-deep"}
    shop.pages["/1.html"] = html("<p>Kettle 1 is new now</p>")
    shop.pages["/old"] = Reply(b"", 404)
    report = run_import(context).report
    assert paths_of(context) == {"/", "/0.html", "/1.html"}
    assert "new now" in documents_of(context)[f"{shop.url}/1.html"].parts[0].text
    assert report.made == 3


@pytest.mark.parametrize("fault", [Reply(b"", 503), Reply(b"", 404)], ids=["503", "404"])
def test_a_site_that_is_down_is_not_a_deletion(shop: Site, tmp_path: Path, fault: Reply) -> None:
    context = site_context(tmp_path, shop.url)
    run_import(context)
    before = documents_of(context)
    shop.pages["/"] = fault
    _import_or_refuse(context)
    assert documents_of(context) == before
    shop.close()
    _import_or_refuse(context)
    assert documents_of(context) == before


def _import_or_refuse(context: Context) -> None:
    try:
        run_import(context)
    except SourceError:
        return
    assert "unreachable" in [r.reason for r in read_jsonl(Rejection, context.workspace.rejections)]


def test_a_site_that_was_never_reached_is_an_error(site: Site, tmp_path: Path) -> None:
    site.close()
    with pytest.raises(SourceError, match="can't be reached"):
        run_import(site_context(tmp_path, site.url))


def test_a_killed_crawl_leaves_the_last_import_and_goes_on(shop: Site, tmp_path: Path) -> None:
    context = site_context(tmp_path / "bot", shop.url)
    run_import(context)
    before = context.workspace.documents.read_bytes()
    here = threading.Event()
    changed = {f"/{n}.html": html(f'<p>Anew {n}</p><a href="/{n + 1}.html">x</a>') for n in (0, 1)}

    def hang(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        here.set()
        handler.rfile.read(1)  # until the client is gone

    shop.pages |= changed | {"/2.html": Reply(raw=hang)}
    command = [sys.executable, "-c", RUN, str(tmp_path / "bot"), shop.url]
    paths = ":".join(path for path in sys.path if path)
    with subprocess.Popen(command, env={"PYTHONPATH": paths, "PATH": ""}) as process:
        assert here.wait(60)
        process.kill()
    assert context.workspace.documents.read_bytes() == before
    assert not list((tmp_path / "bot" / "cache").rglob("*.tmp"))
    shop.pages["/2.html"] = html('<p>Anew 2</p><a href="/3.html">x</a>')
    shop.paths()
    run_import(context)
    assert sorted(set(shop.paths())) == ["/", "/2.html"]
    uninterrupted = site_context(tmp_path / "other", shop.url)
    run_import(uninterrupted)
    assert documents_of(context) == documents_of(uninterrupted)
    texts = [document.parts[0].text for document in documents_of(context).values()]
    assert sum("Anew" in text for text in texts) == 3


def test_to_say_what_changed_no_site_is_crawled(shop: Site, tmp_path: Path) -> None:
    context = site_context(tmp_path, shop.url)
    run_import(context)
    asked = len(shop.asked)
    found = source_changes(context)
    assert (found.items, found.down, found.passed_over) == ({}, (), (shop.url,))
    assert len(shop.asked) == asked
