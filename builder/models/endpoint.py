"""A model behind an OpenAI-compatible endpoint (vLLM, Ollama, …), as the dataset's teacher."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from typing import Any

from builder.config import TeacherSection
from builder.errors import ModelUnavailable
from builder.records import Message

TRIES = 3
PAUSE_SECONDS = 1.0
TIMEOUT_SECONDS = 120.0
RETRIED = frozenset({408, 409, 429, 500, 502, 503, 504})


class EndpointTeacher:
    """Asks the endpoint for one completion at a time, within a budget of tokens."""

    def __init__(self, settings: TeacherSection, key: str) -> None:
        self.settings = settings
        self._key = key
        self.spent_tokens = 0

    def complete(self, messages: Sequence[Message]) -> str:
        """The endpoint's answer; empty when the budget is spent.

        Raises ModelUnavailable when it can't be reached or keeps failing.
        """
        if self.spent_tokens >= self.settings.max_tokens:
            return ""
        body = {
            "model": self.settings.model,
            "messages": [{"role": m.role, "content": m.content} for m in messages],
            "temperature": 0.3,
            "max_tokens": 800,
        }
        reply = self._post(body)
        try:
            usage = reply.get("usage") or {}  # some servers count nothing
            self.spent_tokens += int(usage.get("total_tokens") or 0)
            return str(reply["choices"][0]["message"]["content"] or "")
        except (AttributeError, KeyError, IndexError, TypeError, ValueError) as exc:
            raise self._failed("its reply is not a chat completion") from exc

    def _post(self, body: dict[str, Any]) -> dict[str, Any]:
        import httpx

        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        url = self.settings.url.rstrip("/") + "/chat/completions"
        fault = ""
        for attempt in range(TRIES):
            if attempt:
                time.sleep(PAUSE_SECONDS * 2 ** (attempt - 1))
            try:
                reply = httpx.post(url, json=body, headers=headers, timeout=TIMEOUT_SECONDS)
            except httpx.HTTPError as exc:
                fault = type(exc).__name__
                continue
            if reply.status_code in RETRIED:
                fault = f"HTTP {reply.status_code}"
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


def open_teacher(settings: TeacherSection) -> EndpointTeacher | None:
    """The configured teacher, or None. Its key comes from the environment only."""
    if not settings.url:
        return None
    return EndpointTeacher(settings, os.environ.get(settings.api_key_env, ""))
