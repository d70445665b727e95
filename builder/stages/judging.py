"""The judge model of an evaluation, behind its endpoint."""

from __future__ import annotations

import os
from collections.abc import Sequence

from builder.config import JudgeSection, TeacherSection
from builder.errors import ModelUnavailable
from builder.evaluation.judge import Judge
from builder.models.endpoint import Endpoint
from builder.records import Message


class EndpointJudge(Judge):
    """A judge that is asked over the network."""

    def __init__(self, settings: JudgeSection, key: str) -> None:
        self.settings = settings
        asked = TeacherSection(
            url=settings.url, model=settings.model, api_key_env=settings.api_key_env
        )
        self._endpoint = Endpoint(asked, key)
        self._spent = 0
        super().__init__(self._say)

    def notes(self) -> list[str]:
        """What the report has to tell about it."""
        notes = [f"judged by {self.settings.model}"]
        if self.silent:
            notes.append(f"{self.silent} answers without a verdict")
        if self._spent >= self.settings.max_tokens:
            notes.append("the judge's budget (evaluation.judge.max_tokens) is spent")
        return notes

    def _say(self, messages: Sequence[Message]) -> str:
        if self._spent >= self.settings.max_tokens:
            return ""
        try:
            reply = self._endpoint.reply(messages)
        except ModelUnavailable as exc:
            raise ModelUnavailable(
                "the judge does not answer.",
                self.settings.url,
                "Check `evaluation.judge` in bot.toml, and the key in the environment variable "
                f"{self.settings.api_key_env}; or empty its `url` to go without. The arms' "
                "answers are kept.",
            ) from exc
        self._spent += reply.prompt_tokens + reply.completion_tokens
        return reply.text


def open_judge(settings: JudgeSection) -> EndpointJudge | None:
    """The configured judge, or None. Its key comes from the environment only."""
    if not settings.url:
        return None
    return EndpointJudge(settings, os.environ.get(settings.api_key_env, ""))
