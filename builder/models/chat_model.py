"""Any LangChain chat model, by the dotted path of its class."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

from builder.errors import ConfigError, ModelUnavailable
from builder.models.endpoint import Reply
from builder.records import Message

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel


class LangChainModel:
    """Asks a LangChain chat model; its retries and time limits are its own."""

    def __init__(self, path: str, model: BaseChatModel, shown: str) -> None:
        self._path = path
        self._model = model
        self.name = shown

    def reply(self, messages: Sequence[Message]) -> Reply:
        """The model's answer. Raises ModelUnavailable when it fails."""
        try:
            said = self._model.invoke([(turn.role, turn.content) for turn in messages])
        except Exception as exc:  # each provider has its own kinds
            raise ModelUnavailable(
                f"the teacher fails ({type(exc).__name__}).",
                self._path,
                "Check `teacher.args` and that its service can be reached.",
            ) from exc
        usage = getattr(said, "usage_metadata", None) or {}
        text = said.content if isinstance(said.content, str) else str(said.text)
        return Reply(text, usage.get("input_tokens", 0), usage.get("output_tokens", 0))


def open_chat_model(path: str, arguments: Mapping[str, Any]) -> LangChainModel:
    """The model of a class. Raises ConfigError where there is none, or it can't be made."""
    from langchain_core.language_models import BaseChatModel

    module, _, name = path.rpartition(".")
    try:
        found = getattr(import_module(module), name)
    except (ImportError, AttributeError) as exc:
        raise ConfigError(
            "there is no such class.", path, "Install its package, or correct teacher.chat_model."
        ) from exc
    if not (isinstance(found, type) and issubclass(found, BaseChatModel)):
        raise ConfigError("it is no LangChain chat model.", path, "Correct teacher.chat_model.")
    given = {key: _value(value) for key, value in arguments.items()}
    try:
        model = found(**given)
    except Exception as exc:  # what a class raises for wrong arguments is its own affair
        raise ConfigError(
            f"it can't be made ({type(exc).__name__}).", path, "Correct teacher.args."
        ) from exc
    # The arguments as they stand in bot.toml: no secret is in them.
    return LangChainModel(path, model, f"{path} {sorted(arguments.items())}")


def _value(value: Any) -> Any:
    if not isinstance(value, dict) or set(value) != {"env"}:
        return value
    name = str(value["env"])
    if name not in os.environ:
        raise ConfigError("there is no such environment variable.", name, "Set it.")
    return os.environ[name]
