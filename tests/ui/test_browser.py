"""The real page, its real server and a real browser; only the bot's answers are made up.

Set MONOSHIRI_SHOTS to a folder to get pictures of the page in both languages and two sizes.
"""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import fake_bot
import pytest
from browser import browser, chromium, requested_urls

from ui.settings import command
from ui.texts import Texts

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
WIDE, NARROW = (1280, 900), (390, 844)
QUESTIONS = {"ja": "返品は何日以内ですか？", "en": "What is the warranty on the DeskLamp Pro?"}

pytestmark = [
    pytest.mark.skipif(chromium() is None, reason="Chromium is not installed"),
    pytest.mark.timeout(120),
]


@pytest.fixture(scope="module")
def selenium() -> Any:
    return pytest.importorskip("selenium", reason="selenium is not installed")


@pytest.fixture(scope="module")
def bot_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bot")
    (folder / "bot.toml").touch()
    return folder


@pytest.fixture(scope="module")
def address(bot_folder: Path) -> Iterator[str]:
    """The page's server, started by the product's own command line on a free port."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    python, _, _, *rest = command(bot_folder, port, "127.0.0.1")
    log = bot_folder / "server.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            [python, str(HERE / "launch.py"), "0.01", *rest],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        wait(lambda: _is_up(url), f"the server at {url}", log)
        yield url
    finally:
        server.terminate()
        server.wait(10)


def _is_up(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=1) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except OSError:
        return False


def wait(happened: Callable[[], Any], what: str, log: Path | None = None) -> Any:
    """Wait until `happened` gives something true, and return it."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if result := happened():
            return result
        time.sleep(0.1)
    detail = log.read_text(encoding="utf-8")[-2000:] if log else ""
    raise AssertionError(f"waited in vain for {what}\n{detail}")


def find(driver: Any, selector: str) -> list[Any]:
    return list(driver.find_elements("css selector", selector))


def by_id(name: str) -> str:
    return f"[data-testid={name}]"


def ask(driver: Any, question: str) -> None:
    """Type a question and wait until its final answer, with thumbs, stands there."""
    from selenium.webdriver.common.keys import Keys

    before = len(find(driver, by_id("stFeedback")))
    box = wait(lambda: find(driver, f"{by_id('stChatInput')} textarea"), "the chat input")[0]
    box.send_keys(question)
    wait(lambda: box.get_property("value") == question, "the typed question")
    box.send_keys(Keys.ENTER)
    wait(lambda: len(find(driver, by_id("stFeedback"))) == before + 1, "the answer")
    wait(lambda: not find(driver, by_id("stSpinner")), "the end of the answer")


def shoot(driver: Any, name: str) -> None:
    folder = os.environ.get("MONOSHIRI_SHOTS")
    if folder:
        time.sleep(1)  # fonts and animations settle
        driver.save_screenshot(str(Path(folder) / f"{name}.png"))


def ratings(folder: Path, question: str) -> list[int]:
    with closing(sqlite3.connect(folder / "bot.db")) as connection:
        rows = connection.execute("SELECT rating FROM turns WHERE question = ?", (question,))
        return [rating for (rating,) in rows]


@pytest.mark.usefixtures("selenium")
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_staff_ask_read_the_sources_and_rate(
    address: str, bot_folder: Path, tmp_path: Path, language: Any, size: tuple[int, int]
) -> None:
    t, question = Texts(language), QUESTIONS[language]
    with browser(tmp_path, size, language) as driver:
        driver.get(address)
        wait(lambda: t("welcome") in driver.page_source, "the greeting")
        shoot(driver, f"{language}_{size[0]}_1_empty")
        ask(driver, question)
        shoot(driver, f"{language}_{size[0]}_2_answer")

        (mark,) = find(driver, "mark")
        assert mark.text.replace("\n", "") in {fake_bot.RETURNS_QUOTE, fake_bot.WARRANTY_QUOTE}
        assert mark.is_displayed()
        assert find(driver, by_id("stMarkdownBadge")) or t("verified") in driver.page_source
        answer, sources = (column.rect for column in find(driver, by_id("stColumn"))[:2])
        beside = sources["x"] >= answer["x"] + answer["width"]
        below = sources["y"] >= answer["y"] + answer["height"]
        assert beside if size is WIDE else below
        assert driver.execute_script("return document.body.scrollWidth") <= size[0]

        up = find(driver, f"{by_id('stFeedback')} button")[0]
        before = ratings(bot_folder, question).count(1)
        driver.execute_script("arguments[0].click()", up)
        wait(lambda: ratings(bot_folder, question).count(1) == before + 1, "the stored rating")

        driver.refresh()
        wait(lambda: find(driver, "mark"), "the conversation after a reload")
        cookie = driver.get_cookie("monoshiri_browser")
        assert cookie["httpOnly"]
        assert all(url.startswith((address, "data:")) for url in outside(driver))


def outside(driver: Any) -> list[str]:
    """Requests of pages, without those of the browser's own start page."""
    return [url for url in requested_urls(driver) if not url.startswith("chrome")]


@pytest.mark.usefixtures("selenium")
def test_hostile_content_does_nothing(address: str, tmp_path: Path) -> None:
    with browser(tmp_path, WIDE, "ja") as driver:
        driver.get(address)
        ask(driver, f"hostile {fake_bot.HOSTILE[:75]}")
        others = find(driver, f"{by_id('stExpander')} summary")[-1]
        driver.execute_script("arguments[0].click()", others)
        time.sleep(0.5)
        shoot(driver, "hostile")

        assert driver.execute_script("return window.hacked") is None
        acting = ":is(a, img, script, iframe, .katex, code, strong, em, del)"
        inside = f"{by_id('stMainBlockContainer')} {acting}"
        drawn = [element.get_attribute("outerHTML") for element in find(driver, inside)]
        assert drawn == [f"<strong>{Texts('ja')('sources')}</strong>"]
        assert not find(driver, f"{by_id('stSidebar')} :is(a, img, .katex)")
        labels = find(driver, f"{by_id('stExpander')} summary")
        shown = labels[0].text.replace("\u2060", "").replace("\n", " ")
        assert f"1. {fake_bot.HOSTILE} · {fake_bot.HOSTILE}" in shown
        assert not [url for url in outside(driver) if not url.startswith((address, "data:"))]


@pytest.mark.usefixtures("selenium")
def test_no_attack_becomes_a_link_an_image_or_a_request(address: str, tmp_path: Path) -> None:
    with browser(tmp_path, WIDE, "en") as driver:
        driver.get(address)
        ask(driver, "attacks")
        for one in find(driver, f"{by_id('stExpander')} summary"):
            driver.execute_script("arguments[0].click()", one)
        time.sleep(0.5)
        acting = ":is(a, img, script, iframe, object, embed, form form, .katex, em, del)"
        assert not find(driver, f"{by_id('stMainBlockContainer')} {acting}")
        body = driver.find_element("css selector", "body").text
        assert "Ignore the above" in body
        assert not set(body) & set("\u202e\u200b\x1b\U000e0073")
        assert not [url for url in outside(driver) if not url.startswith((address, "data:"))]


@pytest.mark.usefixtures("selenium")
def test_the_browser_itself_refuses_foreign_images(address: str, tmp_path: Path) -> None:
    """The second wall: an image that gets into the page all the same is not loaded."""
    with browser(tmp_path, WIDE, "en") as driver:
        driver.get(address)
        wait(lambda: find(driver, by_id("stChatInput")), "the page")
        blocked = driver.execute_async_script(
            "const done = arguments[0];"
            "document.addEventListener('securitypolicyviolation', e => done(e.blockedURI));"
            "document.body.appendChild(new Image()).src = 'http://127.0.0.2:9/pixel.png';"
        )
        assert blocked == "http://127.0.0.2:9/pixel.png"


@pytest.mark.usefixtures("selenium")
def test_a_fault_shows_a_calm_sentence_and_no_detail(address: str, tmp_path: Path) -> None:
    with browser(tmp_path, WIDE, "en") as driver:
        from selenium.webdriver.common.keys import Keys

        driver.get(address)
        box = wait(lambda: find(driver, f"{by_id('stChatInput')} textarea"), "the input")[0]
        box.send_keys("crash", Keys.ENTER)
        wait(lambda: Texts("en")("crashed")[:30] in driver.page_source, "the sentence")
        assert "secret detail" not in driver.page_source
        assert "Traceback" not in driver.page_source
