"""A model behind an OpenAI-compatible endpoint (vLLM, Ollama, …)."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from builder.config import TeacherSection
from builder.errors import ModelUnavailable
from builder.records import Message

TRIES = 3
PAUSE_SECONDS = 1.0
TIMEOUT_SECONDS = 120.0
LONGEST_WAIT_SECONDS = 60.0
RETRIED = frozenset({408, 409, 429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model said, and the tokens that it counted: 0 where it counts none."""

    text: str
    prompt_tokens: int = 0
    completion_tokens: int = 0


class Endpoint:
    """Asks the endpoint for one completion at a time; several threads may."""

    def __init__(self, settings: TeacherSection, key: str) -> None:
        self.settings = settings
        self._key = key

    @property
    def name(self) -> str:
        """What replies are kept under."""
        return f"{self.settings.url} {self.settings.model}"

    def reply(self, messages: Sequence[Message]) -> Reply:
        """The endpoint's answer. Raises ModelUnavailable when it can't be reached or keeps
        failing."""
        body = {
            "model": self.settings.model,
            "messages": [{"role": m.role, "content": m.content} for m in messages],
            "temperature": 0.3,
            "max_tokens": 800,
        }
        value = self._post(body)
        try:
            text = str(value["choices"][0]["message"]["content"] or "")
            usage = value.get("usage") or {}  # some servers count nothing
            asked = int(usage.get("prompt_tokens") or 0)
            said = int(usage.get("completion_tokens") or 0)
            return Reply(text, asked, max(said, int(usage.get("total_tokens") or 0) - asked))
        except (AttributeError, KeyError, IndexError, TypeError, ValueError) as exc:
            raise self._failed("its reply is not a chat completion") from exc

    def _post(self, body: dict[str, Any]) -> dict[str, Any]:
        import httpx

        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        url = self.settings.url.rstrip("/") + "/chat/completions"
        fault, wait = "", 0.0
        for attempt in range(TRIES):
            if attempt:
                time.sleep(max(wait, PAUSE_SECONDS * 2 ** (attempt - 1)))
            wait = 0.0
            try:
                reply = httpx.post(url, json=body, headers=headers, timeout=TIMEOUT_SECONDS)
            except httpx.HTTPError as exc:
                fault = type(exc).__name__
                continue
            if reply.status_code in RETRIED:
                fault, wait = f"HTTP {reply.status_code}", _asked_to_wait(reply.headers)
                continue
            if reply.is_error:
                raise self._failed(f"HTTP {reply.status_code}")
            try:
                value: dict[str, Any] = reply.json()
            except ValueError as exc:
                raise self._failed("its reply is not JSON") from exc
            return value
        raise self._failed(fault)

    def _failed(self, fault: str) -> ModelUnavailable:
        return ModelUnavailable(
            f"the teacher does not answer ({fault}).",
            self.settings.url,
            "Check `teacher.url`, `teacher.model`, and the key in the environment variable "
            f"{self.settings.api_key_env}; or empty `teacher.url` to go without.",
        )


def _asked_to_wait(headers: Mapping[str, str]) -> float:
    """Seconds that the server asks for, within reason; 0 where it names none."""
    try:
        return min(LONGEST_WAIT_SECONDS, max(0.0, float(headers.get("retry-after", "0"))))
    except ValueError:
        return 0.0  # a date: our own pause will do
