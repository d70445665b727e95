"""Many conversations asked of a real server on this machine: order, budget, resume, LangChain."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openai_server import Answering, Request, Response, completion
from pydantic import ValidationError

from builder.config import TeacherSection
from builder.errors import ConfigError, ModelUnavailable
from builder.models.chat_model import open_chat_model
from builder.models.endpoint import Endpoint
from builder.models.teacher import Teacher, open_teacher
from builder.records import Message


class Echo:
    """Answers `re: …`; counts who is asking at the same time; can be told to break."""

    def __init__(self) -> None:
        self.url = ""
        self.asked: list[str] = []
        self.most_at_once = 0
        self.broken_at = ""
        self._busy = 0
        self._lock = threading.Lock()

    def answer(self, request: Request) -> Response:
        said = request.body["messages"][-1]["content"]
        with self._lock:
            self._busy += 1
            self.most_at_once = max(self.most_at_once, self._busy)
            self.asked.append(said)
        time.sleep(0.02)  # so that others come in meanwhile
        with self._lock:
            self._busy -= 1
        usage = {"prompt_tokens": 40, "completion_tokens": 10, "total_tokens": 50}
        return completion(f"re: {said}", usage, 500 if said == self.broken_at else 200)


@pytest.fixture
def echo(served: Callable[[Answering], str]) -> Echo:
    made = Echo()
    made.url = served(made.answer)
    return made


def conversations(count: int) -> list[list[Message]]:
    return [[Message("user", f"passage {number}")] for number in range(count)]


def teacher(echo: Echo, folder: Path, **changes: Any) -> Teacher:
    settings = TeacherSection(url=echo.url, model="big", **changes)
    return Teacher(Endpoint(settings, ""), settings, folder / "teacher.jsonl")


def test_replies_come_in_order_though_they_are_asked_for_at_once(
    echo: Echo, tmp_path: Path
) -> None:
    asked = teacher(echo, tmp_path, parallel=4)
    replies = list(asked.complete_many(conversations(10)))
    assert replies == [f"re: passage {number}" for number in range(10)]
    assert 2 <= echo.most_at_once <= 4
    assert (asked.read_tokens, asked.written_tokens) == (400, 100)


def test_what_was_asked_once_is_never_paid_for_again(echo: Echo, tmp_path: Path) -> None:
    first = list(teacher(echo, tmp_path).complete_many(conversations(6)))
    again = teacher(echo, tmp_path)
    assert list(again.complete_many(conversations(8)))[:6] == first
    assert len(echo.asked) == 8
    assert again.read_tokens == 2 * 40


def test_a_run_that_broke_goes_on_where_it_was(echo: Echo, tmp_path: Path) -> None:
    echo.broken_at = "passage 3"
    with pytest.raises(ModelUnavailable, match="HTTP 500"):
        list(teacher(echo, tmp_path, parallel=2).complete_many(conversations(6)))
    kept = tmp_path / "teacher.jsonl"
    kept.write_text(kept.read_text(encoding="utf-8") + '{"key": "cut o', encoding="utf-8")
    echo.broken_at, before = "", len(echo.asked)
    replies = list(teacher(echo, tmp_path, parallel=2).complete_many(conversations(6)))
    assert replies == [f"re: passage {number}" for number in range(6)]
    assert sorted(echo.asked[before:]) == ["passage 3", "passage 4", "passage 5"]


@pytest.mark.parametrize(
    "budget",
    [{"max_tokens": 100}, {"max_cost": 0.05, "price_in": 1000.0, "price_out": 1000.0}],
)
def test_a_spent_budget_ends_the_questions_and_is_counted(
    echo: Echo, tmp_path: Path, budget: dict[str, Any]
) -> None:
    asked = teacher(echo, tmp_path, parallel=1, **budget)
    replies = list(asked.complete_many(conversations(5)))
    told = [reply for reply in replies if reply]
    assert told == [f"re: passage {number}" for number in range(len(told))]
    assert 1 <= len(told) <= 2
    assert asked.unasked == 5 - len(told) == 5 - len(echo.asked)


def test_another_model_is_asked_anew(echo: Echo, tmp_path: Path) -> None:
    list(teacher(echo, tmp_path).complete_many(conversations(2)))
    settings = TeacherSection(url=echo.url, model="bigger")
    other = Teacher(Endpoint(settings, ""), settings, tmp_path / "teacher.jsonl")
    list(other.complete_many(conversations(2)))
    assert len(echo.asked) == 4


def test_any_langchain_chat_model_can_teach(tmp_path: Path) -> None:
    path = "langchain_core.language_models.fake_chat_models.ParrotFakeChatModel"
    opened = open_teacher(TeacherSection(chat_model=path), tmp_path / "teacher.jsonl")
    assert opened is not None
    assert list(opened.complete_many(conversations(2))) == ["passage 0", "passage 1"]


def test_a_langchain_model_that_fails_is_said_to_without_its_words(tmp_path: Path) -> None:
    path = "langchain_core.language_models.fake_chat_models.FakeListChatModel"
    settings = TeacherSection(chat_model=path, args={"responses": ["sk-secret"], "sleep": -1})
    opened = open_teacher(settings, tmp_path / "teacher.jsonl")
    assert opened is not None
    with pytest.raises(ModelUnavailable) as failure:
        list(opened.complete_many(conversations(1)))
    assert "sk-secret" not in str(failure.value)


@pytest.mark.parametrize(
    ("path", "arguments"),
    [
        ("no_such_package.Model", {}),
        ("langchain_core.language_models.NoSuchModel", {}),
        ("subprocess.Popen", {"args": "true"}),
        ("langchain_core.language_models.fake_chat_models.FakeListChatModel", {"wrong": 1}),
        (
            "langchain_core.language_models.fake_chat_models.FakeListChatModel",
            {"responses": {"env": "NOT_SET_ANYWHERE"}},
        ),
    ],
)
def test_what_is_no_chat_model_is_refused(path: str, arguments: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        open_chat_model(path, arguments)


@pytest.mark.parametrize(
    "settings",
    [
        {"url": "http://127.0.0.1/v1"},
        {"url": "http://127.0.0.1/v1", "model": "m", "chat_model": "a.B"},
        {"max_cost": 1.0},
        {"chat_model": "no dots"},
    ],
)
def test_settings_that_contradict_each_other_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        TeacherSection(**settings)


def test_the_key_comes_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert open_teacher(TeacherSection(), tmp_path / "t.jsonl") is None
    monkeypatch.setenv("COMPANY_KEY", "sk-very-secret")
    settings = TeacherSection(url="http://127.0.0.1:1/v1", model="big", api_key_env="COMPANY_KEY")
    opened = open_teacher(settings, tmp_path / "t.jsonl")
    assert opened is not None
    assert "sk-very-secret" not in repr(opened.settings)
