"""The bot as everything else sees it: ask, stream, retrieve."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from builder.bot.compose import Rules, compose
from builder.bot.followup import standalone
from builder.bot.models import ArmModels
from builder.config import Config, load_config
from builder.errors import UsageError
from builder.knowledge.index import Index
from builder.knowledge.retrieve import retrieve
from builder.models.catalog import Say, embedder
from builder.models.embedder import Embedder
from builder.prompt import Asked, EncodedPrompt, Persona, encode
from builder.records import Answer, Arm, Passage, QAPair, Question
from builder.workspace import Workspace
from connectors.language import detect

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WITH_PASSAGES: frozenset[Arm] = frozenset({"rag", "tuned+rag"})
MIN_RETRIEVED = 5


class Bot:
    """One bot's folder, ready to answer. Models and index are loaded when first needed."""

    def __init__(self, workspace: Workspace, config: Config, say: Say) -> None:
        self.workspace, self.config = workspace, config
        self.name = config.bot.name
        self.models = ArmModels(workspace, config, say)
        self._embedder = Embedder(embedder(config.embedder.name, say))
        self._index: tuple[float, Index] | None = None

    @property
    def arms(self) -> tuple[Arm, ...]:
        """The arms that can be asked, the default first."""
        available: list[Arm] = ["rag", "few-shot", "base"]
        if self.models.adapter is not None:
            available = ["tuned+rag", "rag", "tuned", "few-shot", "base"]
        wanted: str = self.config.answer.arm
        if wanted == "auto":
            wanted = recommended_arm(self.workspace) or available[0]
        return tuple(sorted(available, key=lambda arm: arm != wanted))

    def retrieve(self, questions: Sequence[Question], count: int) -> list[list[Passage]]:
        """The passages for each question, follow-ups made whole first."""
        whole = [
            replace(question, text=standalone(question.text, question.history))
            for question in questions
        ]
        return retrieve(self._current_index(), whole, self.config.retrieval, count)

    def ask(self, question: Question, arm: Arm | None = None) -> Answer:
        """One question, one answer."""
        return self.ask_many([question], arm)[0]

    def ask_many(self, questions: Sequence[Question], arm: Arm | None = None) -> list[Answer]:
        """Answers in the questions' order, generated in batches."""
        chosen = self._arm(arm)
        began = time.monotonic()
        found = self._passages(questions, chosen)
        prompts = [
            self._prompt(question, chosen, passages) if self._asks_model(question, chosen) else None
            for question, passages in zip(questions, found, strict=True)
        ]
        wanted = [prompt.ids for prompt in prompts if prompt]
        said = iter(
            self.models.get(chosen).complete(wanted, self.config.answer.max_tokens)
            if wanted
            else ()
        )
        answers = []
        for question, passages, prompt in zip(questions, found, prompts, strict=True):
            completion = next(said) if prompt else None
            answers.append(
                self._finish(
                    self._draft(question, chosen, prompt, completion.tokens if completion else 0),
                    completion.text if completion else None,
                    passages,
                )
            )
        each = (time.monotonic() - began) / max(1, len(questions))
        return [_timed(answer, each) for answer in answers]

    def stream(self, question: Question, arm: Arm | None = None) -> Iterator[str | Answer]:
        """Pieces of the model's answer as they come, then the final Answer."""
        chosen = self._arm(arm)
        began = time.monotonic()
        passages = self._passages([question], chosen)[0]
        if not self._asks_model(question, chosen):
            answer = self._finish(self._draft(question, chosen, None, 0), None, passages)
            yield answer.answer
            yield _timed(answer, time.monotonic() - began)
            return
        prompt = self._prompt(question, chosen, passages)
        model = self.models.get(chosen)
        pieces = []
        for piece in model.stream(prompt.ids, self.config.answer.max_tokens):
            pieces.append(piece)
            yield piece
        text = "".join(pieces).strip()
        tokens = len(model.tokenizer(text, add_special_tokens=False)["input_ids"])
        draft = self._draft(question, chosen, prompt, tokens)
        yield _timed(self._finish(draft, text, passages), time.monotonic() - began)

    def _arm(self, arm: Arm | None) -> Arm:
        if arm is None:
            return self.arms[0]
        if arm not in get_args(Arm):
            raise UsageError("there is no such arm.", arm, f"Choose from {', '.join(self.arms)}.")
        if arm not in self.arms:
            raise UsageError(
                "this bot has no adapter yet.", arm, f"Run `monoshiri train {self.workspace.root}`."
            )
        return arm

    def _passages(self, questions: Sequence[Question], arm: Arm) -> list[list[Passage]]:
        if arm not in WITH_PASSAGES:
            return [[] for _ in questions]
        return self.retrieve(questions, max(MIN_RETRIEVED, self.config.retrieval.passages))

    def _asks_model(self, question: Question, arm: Arm) -> bool:
        """With passages, a question in a language that the model does not write is answered by a
        quotation; the other arms have nothing but the model."""
        return arm not in WITH_PASSAGES or self.models.writes(detect(question.text))

    def _prompt(self, question: Question, arm: Arm, passages: Sequence[Passage]) -> EncodedPrompt:
        shown = tuple(p.chunk for p in passages[: self.config.retrieval.passages])
        examples = self._examples(detect(question.text)) if arm == "few-shot" else ()
        asked = Asked(question.text, shown, question.history, examples)
        return encode(self.models.tokenizer, persona(self.config), asked)

    def _examples(self, language: str) -> tuple[tuple[str, str], ...]:
        """Three pairs of the training split, the same for every question."""
        from builder.jsonl import read_jsonl

        path = self.workspace.dataset / "train.jsonl"
        if not path.exists():
            return ()
        pairs = (p for p in read_jsonl(QAPair, path) if p.answerable and p.language == language)
        kinds: dict[str, QAPair] = {}
        for pair in pairs:
            kinds.setdefault(pair.kind, pair)
            if len(kinds) == 3:
                break
        return tuple((pair.question, pair.answer) for pair in kinds.values())

    def _draft(
        self, question: Question, arm: Arm, prompt: EncodedPrompt | None, completion_tokens: int
    ) -> Answer:
        return Answer(
            id=question.id,
            question=question.text,
            answer="",
            refused=False,
            citations=(),
            verified=False,
            arm=arm,
            seconds=0.0,
            prompt_tokens=len(prompt.ids) if prompt else 0,
            completion_tokens=completion_tokens,
        )

    def _finish(self, draft: Answer, said: str | None, passages: list[Passage]) -> Answer:
        if draft.arm not in WITH_PASSAGES:
            return replace(draft, answer=said or "", model_answer=said or "")
        rules = Rules(
            self.config.answer.min_support, self.config.retrieval.passages, self.config.bot.contact
        )
        # Retrieval searched for the follow-up made whole; the words to answer with are chosen by
        # what is asked now, else the earlier question's answer would come again.
        answer = compose(draft, said, passages, self.similarities, rules)
        return replace(answer, passages=tuple(passages))

    def similarities(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """Cosine (−1…1) of each text to the question, by the bot's embedder."""
        cosines: NDArray[np.float32] = (
            self._embedder.passages(texts) @ self._embedder.queries([question])[0]
        )
        return cosines

    def _current_index(self) -> Index:
        """The index as the last import left it, also while the app runs."""
        self.workspace.need("index")
        made = (self.workspace.root / "manifests" / "index.json").stat().st_mtime
        if self._index is None or self._index[0] != made:
            index = Index(self.workspace.index, self.workspace.chunks, self._embedder)
            self._index = (made, index)
        return self._index[1]


def recommended_arm(workspace: Workspace) -> str:
    """The arm that the last evaluation on the test split recommends; empty without one."""
    path = workspace.reports / "recommended.txt"
    return path.read_text(encoding="utf-8").strip() if path.exists() else ""


def persona(config: Config) -> Persona:
    """Who the prompt says the bot is."""
    return Persona(config.bot.name, config.bot.purpose)


def _timed(answer: Answer, seconds: float) -> Answer:
    return replace(answer, seconds=round(seconds, 3))


def open_bot(root: Path, say: Say = lambda _: None) -> Bot:
    """The bot in `root`; raises a MonoshiriError when there is none or it is not indexed."""
    workspace = Workspace(root)
    workspace.require()
    workspace.need("index")
    return Bot(workspace, load_config(workspace.config), say)
