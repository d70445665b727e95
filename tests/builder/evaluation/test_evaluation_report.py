"""The report: hostile text stays text, everything is in the JSON, and nothing is loaded."""

from __future__ import annotations

import base64
import hashlib
import json
import math
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from builder.errors import ModelUnavailable
from builder.evaluation.charts import HEIGHT, LEFT, WIDTH, bar_chart, curve_chart
from builder.evaluation.compare import compare
from builder.evaluation.examples import choose_examples, is_good
from builder.evaluation.records import Comparison
from builder.evaluation.report import Report, ReportContext, write_report
from builder.jsonl import from_object
from builder.records import ARMS, Answer, Arm, Citation, Message, Question

HOSTILE = (
    "<script>alert(1)</script></title></style><img src=x onerror=alert(1)> "
    "{{7*7}} {% for x in y %} ![x](http://evil) \" ' onload='x' \x00\x1b[2J"
)


class Page(HTMLParser):
    """Elements, attributes and text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.extend(attrs)
        if tag not in ("meta", "br", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.extend(attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture
def hostile(gold, unanswerable, answer) -> Comparison:
    """A comparison in which every text that comes from outside is hostile."""
    golds = [
        gold(
            1,
            question=Question(HOSTILE, HOSTILE, (Message("user", HOSTILE),)),
            answer=HOSTILE,
            sources=(HOSTILE,),
            kind=HOSTILE,
            language=HOSTILE,
        ),
        unanswerable(2),
    ]

    def ask(_: Question, arm: Arm) -> Answer:
        if arm == "tuned":
            raise ModelUnavailable(HOSTILE)
        cited = (Citation(HOSTILE, HOSTILE, HOSTILE),)
        return answer(golds[0], arm, answer=HOSTILE, citations=cited)

    return compare(golds, ask, ARMS, lambda _: None)


def context() -> ReportContext:
    return ReportContext(
        bot_name=HOSTILE,
        curve=((1, 3.0, None), (2, 2.5, 2.9), (3, math.nan, 2.7)),
        dataset={HOSTILE: HOSTILE},
        settings={HOSTILE: HOSTILE},
        notes=(HOSTILE,),
    )


def test_hostile_text_is_inert(tmp_path: Path, hostile: Comparison) -> None:
    write_report(tmp_path, hostile, context())
    html = (tmp_path / "evaluation.html").read_text(encoding="utf-8")
    page = Page(html)
    assert page.open == []
    assert not {"script", "img", "iframe", "object", "link", "a", "form"} & set(page.tags)
    assert page.tags.count("title") == page.tags.count("style") == 1
    names = {name for name, _ in page.attributes}
    assert not {"src", "href", "style", "onerror", "onload"} & names
    assert not any(name.startswith("on") for name in names)
    shown = HOSTILE.replace("\x00", "�").replace("\x1b", "�")
    # once each: name, question, history, gold, sources, quotes, kind, dataset, notes, errors
    assert page.text.count(shown) >= 15
    assert "49" not in page.text.replace(shown, "")


def test_the_policy_allows_our_style_and_nothing_else(tmp_path: Path, hostile: Comparison) -> None:
    write_report(tmp_path, hostile, context())
    html = (tmp_path / "evaluation.html").read_text(encoding="utf-8")
    policy = next(value for name, value in Page(html).attributes if name == "content" and value
                  and "default-src" in value)  # fmt: skip
    style = re.search("<style>(.*?)</style>", html, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert "default-src 'none'" in policy
    assert f"style-src 'sha256-{digest}'" in policy
    assert "url(" not in style[1]
    assert "@import" not in style[1]


def test_the_json_holds_everything(tmp_path: Path, hostile: Comparison) -> None:
    paths = write_report(tmp_path, hostile, context())
    assert [path.name for path in paths] == ["evaluation.json", "evaluation.html"]
    text = paths[0].read_text(encoding="utf-8")
    report = from_object(Report, json.loads(text))
    assert report.comparison == hostile
    assert report.context.bot_name == HOSTILE
    # a diverged loss is no JSON number
    assert "NaN" not in text
    assert report.context.curve[2] == (3, None, 2.7)
    assert "Python" in report.environment


def test_the_smallest_report(tmp_path: Path, gold, answer) -> None:
    bare = gold(1, answer="", accepted=(), sources=(), evidence="")
    result = compare([bare], lambda _, arm: answer(bare, arm), ["base"], lambda _: None)
    write_report(tmp_path, result, ReportContext("南商店"))
    page = Page((tmp_path / "evaluation.html").read_text(encoding="utf-8"))
    assert "svg" not in page.tags
    assert "南商店" in page.text
    assert "Compare again with retrieval" in page.text


def test_bars_stand_inside_the_frame(hostile: Comparison) -> None:
    chart = bar_chart(hostile.arms)
    assert chart is not None
    assert [bar.label for bar in chart.bars] == list(ARMS)
    for bar in chart.bars:
        assert LEFT <= bar.x < bar.x + bar.width <= WIDTH
        assert 0 <= bar.high_y <= bar.y <= bar.low_y <= HEIGHT
    assert bar_chart([]) is None


@pytest.mark.parametrize(
    "curve",
    [
        ((1, 2.0, 2.0),),
        ((10, 1.0, None), (5, 4.0, 3.0)),
        ((1, 0.0, None), (2, 0.0, None)),
        ((0, 1e9, None), (100, 1e-9, 5.0)),
        ((1, None, 2.0), (2, math.inf, 1.0)),
    ],
)
def test_curves_stand_inside_the_frame(curve) -> None:
    chart = curve_chart(curve)
    assert chart is not None
    points = [*chart.train, *chart.validation]
    assert points
    assert all(LEFT <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in points)
    assert 2 <= len(chart.y_ticks) <= 8
    assert [x for x, _ in chart.train] == sorted(x for x, _ in chart.train)


def test_no_loss_is_no_curve() -> None:
    assert curve_chart(()) is None
    assert curve_chart(((1, math.nan, None),)) is None


def test_examples_are_good_bad_and_unanswerable(gold, unanswerable, answer, refusal) -> None:
    golds = [*(gold(number) for number in range(40)), *(unanswerable(n) for n in range(40, 50))]
    by_id = {g.question.id: g for g in golds}

    def ask(question: Question, arm: Arm) -> Answer:
        found = by_id[question.id]
        if not found.answerable:
            return refusal(found, arm)
        wrong = int(question.id[1:]) % 2
        return answer(found, arm, **({"answer": "No idea."} if wrong else {}))

    result = compare(golds, ask, ["rag"], lambda _: None)
    chosen = choose_examples(result, "rag", 10, seed=1)
    answerable = [outcome for outcome in chosen if outcome.gold.answerable]
    assert len(chosen) == 10
    assert len(answerable) == 8
    assert sum(is_good(outcome, "rag") for outcome in answerable) == 4
    assert chosen == choose_examples(result, "rag", 10, seed=1)
    assert chosen != choose_examples(result, "rag", 10, seed=2)
    assert len(choose_examples(result, "rag", 500, seed=1)) == 50
