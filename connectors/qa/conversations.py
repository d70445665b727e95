"""Conversations as training data has them: ShareGPT and OpenAI's messages.

The first question with its answer is the pair; later turns lean on it, so they only stand below.
What the system was told is no knowledge and is left out.
"""

from __future__ import annotations

from typing import Any

from connectors.qa.pairs import Pair

_USER = frozenset(("user", "human", "customer", "prompter"))
_BOT = frozenset(("assistant", "gpt", "bot", "chatgpt", "model", "agent"))
_SYSTEM = frozenset(("system", "developer", "tool", "function"))


def from_conversation(entry: dict[str, Any]) -> tuple[Pair | None, str] | None:
    """The conversation of `messages` or `conversations`, and what was left out of it; None where
    the object holds none."""
    turns = entry.get("messages", entry.get("conversations", entry.get("conversation")))
    if not isinstance(turns, list) or not turns or not all(isinstance(t, dict) for t in turns):
        return None
    said = [(_role(turn), _content(turn)) for turn in turns]
    if not any(role in _USER | _BOT for role, _ in said):
        return None
    missing = "system prompt" if any(role in _SYSTEM for role, _ in said) else ""
    spoken = _joined([(role, text) for role, text in said if text and role in _USER | _BOT])
    while spoken and spoken[0][0] in _BOT:  # a greeting
        spoken = spoken[1:]
    if len(spoken) < 2:
        return None, ""
    rest = tuple(("User" if role in _USER else "Assistant", text) for role, text in spoken[2:])
    return Pair(spoken[0][1], spoken[1][1], rest), missing


def _role(turn: dict[str, Any]) -> str:
    return str(turn.get("role", turn.get("from", ""))).lower()


def _content(turn: dict[str, Any]) -> str:
    """The text of a turn; of a list of parts, the texts."""
    content = turn.get("content", turn.get("value", ""))
    if isinstance(content, list):
        texts = [part.get("text", "") for part in content if isinstance(part, dict)]
        content = "\n".join(text for text in texts if isinstance(text, str))
    return content.strip() if isinstance(content, str) else ""


def _joined(turns: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Turns of one side in a row are one."""
    out: list[tuple[str, str]] = []
    for role, text in turns:
        if out and (out[-1][0] in _USER) == (role in _USER):
            out[-1] = (out[-1][0], f"{out[-1][1]}\n\n{text}")
        else:
            out.append((role, text))
    return out
