"""The prompt: one function renders it for training, evaluation and serving alike.

A prompt is encoded in two parts, cut before the question: the prefix (who the bot is, the passages)
and the suffix (the question and the opening of the answer). Training shares one prefix among all
questions about the same passages; serving concatenates the two. Because both encode the parts
apart, the tokens are the same in both.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from builder.records import Chunk, Message
from builder.text.injections import is_instruction, without_instructions

CUT = "\ue000"  # private use: never in a document that matters, and taken out of all texts
_MARK = re.compile(r"\s*\[(\d{1,2})\]")
_OTHER_MARK = re.compile(r"\[(\d{1,2})\]")
HISTORY_TURNS = 2


@dataclass(frozen=True, slots=True)
class Persona:
    """Who speaks: from bot.toml."""

    name: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Everything that one prompt holds."""

    question: str
    passages: tuple[Chunk, ...] = ()
    history: tuple[Message, ...] = ()
    examples: tuple[tuple[str, str], ...] = ()
    """(question, answer) pairs shown before, for the few-shot arm."""


@dataclass(frozen=True, slots=True)
class EncodedPrompt:
    """Token ids of a prompt's two parts."""

    prefix: tuple[int, ...]
    suffix: tuple[int, ...]

    @property
    def ids(self) -> list[int]:
        """The whole prompt."""
        return [*self.prefix, *self.suffix]


def render(persona: Persona, asked: Asked) -> list[Message]:
    """The messages of a prompt; the last one holds the CUT between passages and question."""
    out = [Message("system", _system(persona, with_passages=bool(asked.passages)))]
    for question, answer in asked.examples:
        out.append(Message("user", _question(question)))
        out.append(Message("assistant", without_turns(answer)))
    passages = "\n\n".join(passage_text(n, c) for n, c in enumerate(asked.passages, 1))
    earlier = "".join(_earlier(turn) for turn in asked.history[-2 * HISTORY_TURNS :])
    body = (passages + "\n\n" if passages else "") + CUT + earlier + _question(asked.question)
    out.append(Message("user", body))
    return out


def encode(tokenizer: Any, persona: Persona, asked: Asked) -> EncodedPrompt:
    """Token ids by the model's own chat template, up to where its answer begins."""
    messages = [
        {"role": m.role, "content": without_marks(tokenizer, m.content)}
        for m in render(persona, asked)
    ]
    text: str = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
    prefix, suffix = text.split(CUT)
    return EncodedPrompt(
        tuple(tokenizer(prefix, add_special_tokens=False)["input_ids"]),
        tuple(tokenizer(suffix, add_special_tokens=False)["input_ids"]),
    )


def encode_answer(tokenizer: Any, answer: str, passage: int | None) -> list[int]:
    """Token ids that the model learns to write: the answer, the passage's mark, the end."""
    text = f"{without_turns(answer)} [{passage}]" if passage else without_turns(answer)
    ids: list[int] = tokenizer(without_marks(tokenizer, text), add_special_tokens=False)[
        "input_ids"
    ]
    return [*ids, tokenizer.eos_token_id]


def passage_text(number: int, chunk: Chunk) -> str:
    """One numbered passage as the model reads it: without what speaks to a model. Only its own mark
    looks like one: a note's `[2]` in the text is `(2)`, or the model would cite another passage."""
    places = dict.fromkeys((chunk.title, *chunk.headings[-2:]))
    head = " › ".join(place for place in places if not is_instruction(place))
    text = without_instructions(chunk.model_text)
    body = _OTHER_MARK.sub(r"(\1)", f"{without_turns(head)}\n{without_turns(text)}")
    return f"[{number}] {body}"


def split_marks(answer: str) -> tuple[str, tuple[int, ...]]:
    """The answer without its `[n]` marks, and the numbers in order of first mention."""
    numbers = tuple(dict.fromkeys(int(number) for number in _MARK.findall(answer)))
    return _MARK.sub("", answer).strip(), numbers


def _system(persona: Persona, *, with_passages: bool) -> str:
    start = f"You are {without_turns(persona.name)}. You {without_turns(persona.purpose)}."
    if not with_passages:
        return f"{start} Answer briefly."
    return f"{start} Answer briefly from the numbered passages and end with the passage's number."


def _earlier(turn: Message) -> str:
    kind = "question" if turn.role == "user" else "answer"
    return f"Earlier {kind}: {without_turns(turn.content)}\n"


def _question(question: str) -> str:
    return f"Question: {without_turns(question)}"


def without_turns(text: str) -> str:
    """Text from outside can't open or close a turn of the chat template, nor hold the CUT."""
    return text.replace(CUT, "").replace("<|", "< |").replace("|>", "| >").strip()


def without_marks(tokenizer: Any, text: str) -> str:
    """The model's own marks (`<end_of_turn>`, `</s>`) are broken by a space where a text holds
    them: only the chat template may open and close turns."""
    return _marks(tokenizer).sub(lambda match: f"{match[0][0]} {match[0][1:]}", text)


@lru_cache(maxsize=4)
def _marks(tokenizer: Any) -> re.Pattern[str]:
    special = [t.content for t in tokenizer.added_tokens_decoder.values() if t.special]
    longest_first = sorted((mark for mark in special if len(mark) > 1), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)) or "(?!)")
