"""The bot as everything else sees it: ask, stream, retrieve."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import get_args

from builder.bot.compose import Found, Rules, Weighed, compose, holds, weigh
from builder.bot.followup import standalone
from builder.bot.judge import open_judge
from builder.bot.models import ArmModels, may_use
from builder.bot.reader import Reader, open_reader
from builder.bot.refusal import read_scale
from builder.bot.second import Again, asked_again, on_its_own
from builder.bot.sites import Site, sites_in
from builder.bot.small_talk import small_talk
from builder.bot.streaming import Held
from builder.bot.wording import Wording
from builder.config import Config, load_config
from builder.errors import UsageError
from builder.knowledge.chroma_client import server_of
from builder.knowledge.chunk_store import store_file
from builder.knowledge.index import Index
from builder.knowledge.join import joined
from builder.knowledge.live import LiveIndex
from builder.knowledge.retrieve import retrieve
from builder.models.catalog import Say, embedder
from builder.models.devices import pick_device
from builder.models.embedder import Embedder
from builder.models.similarity import Similarity
from builder.products.answer import ProductAnswers
from builder.prompt import Asked, EncodedPrompt, Persona, encode
from builder.records import Answer, Arm, Passage, QAPair, Question
from builder.workspace import Workspace
from connectors.language import detect

UNTUNED: dict[Arm, Arm] = {"tuned+rag": "rag", "tuned": "base"}
WITH_PASSAGES: frozenset[Arm] = frozenset({"rag", "tuned+rag"})
MIN_RETRIEVED = 5
MAX_JOINED = 5  # chunks that a passage may hold, about: so many are ranked for each


class Bot:
    """One bot's folder, ready to answer. Models and index are loaded when first needed."""

    def __init__(self, workspace: Workspace, config: Config, say: Say) -> None:
        self.workspace, self.config = workspace, config
        self.name = config.bot.name
        self.models = ArmModels(workspace, config, say)
        self._embedder = Embedder(embedder(config.embedder.name, say))
        self.similarities = Similarity(self._embedder)
        self._opening_reader = threading.Lock()
        self._products = ProductAnswers(workspace.index / "products.db")
        self._index = LiveIndex(
            (workspace.root / "manifests" / "index.json", store_file(workspace.chunks)),
            self._open_index,
        )

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
        return [list(found.passages) for found in self._find(questions, count)]

    def _find(self, questions: Sequence[Question], count: int) -> list[Found]:
        whole = [
            replace(question, text=standalone(question.text, question.history))
            for question in questions
        ]
        with self._current_index() as index:
            ranked = retrieve(index, whole, self.config.retrieval, MAX_JOINED * count)
            return [
                Found(tuple(r), tuple(joined(index, r, count)), one.text, _sites(index, one.text))
                for r, one in zip(ranked, whole, strict=True)
            ]

    def ask(self, question: Question, arm: Arm | None = None) -> Answer:
        """One question, one answer."""
        return self.ask_many([question], arm)[0]

    def ask_many(self, questions: Sequence[Question], arm: Arm | None = None) -> list[Answer]:
        """Answers in the questions' order, generated in batches."""
        chosen = self._arm(arm, questions)
        spoken = [self._without_model(question, chosen) for question in questions]
        real = [q for q, reply in zip(questions, spoken, strict=True) if reply is None]
        answers = iter(self._answer_many(real, chosen) if real else ())
        return [reply or next(answers) for reply in spoken]

    def _answer_many(self, questions: Sequence[Question], chosen: Arm) -> list[Answer]:
        began = time.monotonic()
        found = self._found(questions, chosen)
        prompts = [
            self._prompt(question, chosen, one) if self._asks_model(question, chosen) else None
            for question, one in zip(questions, found, strict=True)
        ]
        wanted = [prompt.ids for prompt in prompts if prompt]
        completions = iter(
            self.models.get(chosen).complete(wanted, self.config.answer.max_tokens)
            if wanted
            else ()
        )
        answers = []
        for question, one, prompt in zip(questions, found, prompts, strict=True):
            completion = next(completions) if prompt else None
            draft = self._draft(question, chosen, prompt, completion.tokens if completion else 0)
            said = completion.text if completion else None
            answers.append(self._finish(draft, said, self._weigh(draft, one)))
        answers = self._again(questions, answers, found)
        each = (time.monotonic() - began) / max(1, len(questions))
        return [_timed(answer, each) for answer in answers]

    def stream(self, question: Question, arm: Arm | None = None) -> Iterator[str | Answer]:
        """The answer's sentences as soon as they are borne out, then the final Answer. An arm
        without passages has nothing to bear it out: its words come as the model says them."""
        chosen = self._arm(arm, [question])
        answer = self._without_model(question, chosen)
        if answer is None:
            began = time.monotonic()
            answer = yield from self._streamed(question, chosen)
            answer = _timed(answer, time.monotonic() - began)
        yield answer

    def _streamed(self, question: Question, chosen: Arm) -> Generator[str, None, Answer]:
        found = self._found([question], chosen)[0]
        draft = self._draft(question, chosen, None, 0)
        weighed = self._weigh(draft, found)
        if not self._asks_model(question, chosen) or (weighed and weighed.refused):
            return self._again([question], [self._finish(draft, None, weighed)], [found])[0]
        prompt = self._prompt(question, chosen, found)
        model = self.models.get(chosen)
        held = Held(partial(holds, weighed=weighed, rules=self._rules) if weighed else None)
        with closing(model.stream(prompt.ids, self.config.answer.max_tokens)) as pieces:
            yield from held.pieces(pieces)
        text = held.text.strip()
        tokens = len(model.tokenizer(text, add_special_tokens=False)["input_ids"])
        draft = self._draft(question, chosen, prompt, tokens)
        return self._again([question], [self._finish(draft, text, weighed)], [found])[0]

    def _without_model(self, question: Question, arm: Arm) -> Answer | None:
        """The reply to a greeting, and the product table's answer; None for the documents'."""
        return self._small_talk(question, arm) or self._from_products(question, arm)

    def _from_products(self, question: Question, arm: Arm) -> Answer | None:
        """What the product table says to a question that is about products alone."""
        if arm not in WITH_PASSAGES or not self._products.exists():
            return None
        began = time.monotonic()
        with self._current_index() as index:
            said = self._products.answer(question, index.readable(question.groups))
        if said is None:
            return None
        answer = replace(
            self._draft(question, arm, None, 0),
            answer=said.text,
            citations=said.citations,
            refused=said.refused,
            verified=True,
            origin="product",
        )
        return _timed(answer, time.monotonic() - began)

    def _small_talk(self, question: Question, arm: Arm) -> Answer | None:
        """The reply to a greeting and the like, for which nothing is looked up."""
        if arm not in WITH_PASSAGES:
            return None
        text = small_talk(question.text, persona(self.config), self.config.answer.tone)
        if text is None:
            return None
        return replace(self._draft(question, arm, None, 0), answer=text, origin="talk")

    def _again(
        self, questions: Sequence[Question], answers: Sequence[Answer], found: Sequence[Found]
    ) -> list[Answer]:
        """The answers, those that bot.toml has asked once more replaced where that helps."""
        settings = self.config.answer
        again: dict[int, Again] = {}
        for at, (question, answer, one) in enumerate(zip(questions, answers, found, strict=True)):
            wanted = (
                on_its_own(answer, one)
                if settings.own_knowledge and answer.refused
                else asked_again(answer, one)
                if settings.retry
                else None
            )
            if wanted is not None and self._asks_model(question, answer.arm):
                again[at] = wanted
        if not again:
            return list(answers)
        model = self.models.get(answers[0].arm)
        prompts = [
            encode(
                self.models.tokenizer,
                persona(self.config),
                Asked(questions[at].text, wanted.shown, questions[at].history),
            ).ids
            for at, wanted in again.items()
        ]
        out = list(answers)
        said = model.complete(prompts, settings.max_tokens)
        for (at, wanted), prompt, completion in zip(again.items(), prompts, said, strict=True):
            spent = replace(
                out[at],
                prompt_tokens=out[at].prompt_tokens + len(prompt),
                completion_tokens=out[at].completion_tokens + completion.tokens,
            )
            out[at] = wanted.settle(spent, completion.text, self._finished, self._wording)
        return out

    def _arm(self, arm: Arm | None, questions: Sequence[Question]) -> Arm:
        """The arm to ask; without the adapter where it has learned what an asker may not read."""
        chosen = self._known_arm(arm)
        adapter = self.models.adapter if chosen in UNTUNED else None
        if adapter and not all(may_use(adapter, question.groups) for question in questions):
            return UNTUNED[chosen]
        return chosen

    def _known_arm(self, arm: Arm | None) -> Arm:
        if arm is None:
            return self.arms[0]
        if arm not in get_args(Arm):
            raise UsageError("there is no such arm.", arm, f"Choose from {', '.join(self.arms)}.")
        if arm not in self.arms:
            raise UsageError(
                "this bot has no adapter yet.", arm, f"Run `monoshiri train {self.workspace.root}`."
            )
        return arm

    def _found(self, questions: Sequence[Question], arm: Arm) -> list[Found]:
        if arm not in WITH_PASSAGES:
            return [Found((), ()) for _ in questions]
        return self._find(questions, max(MIN_RETRIEVED, self.config.retrieval.passages))

    def _asks_model(self, question: Question, arm: Arm) -> bool:
        """With passages, a question in a language that the model does not write is answered by a
        quotation; the other arms have nothing but the model."""
        return arm not in WITH_PASSAGES or self.models.writes(detect(question.text))

    def _prompt(self, question: Question, arm: Arm, found: Found) -> EncodedPrompt:
        shown = tuple(p.chunk for p in found.ranked[: self.config.retrieval.passages])
        examples = self._examples(detect(question.text)) if arm == "few-shot" else ()
        asked = Asked(question.text, shown, question.history, examples)
        return encode(self.models.tokenizer, persona(self.config), asked)

    def _examples(self, language: str) -> tuple[tuple[str, str], ...]:
        """Three pairs of the training split, the same for every question."""
        from builder.jsonl import read_jsonl

        path = self.workspace.dataset / "train.jsonl"
        if not path.exists():
            return ()
        pairs = (
            pair
            for pair in read_jsonl(QAPair, path)
            if pair.answerable and pair.language == language and not pair.groups
        )
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

    def _weigh(self, draft: Answer, found: Found) -> Weighed | None:
        """What was found is worth so much; None for an arm without passages."""
        if draft.arm not in WITH_PASSAGES:
            return None
        return weigh(draft.question, found, self.similarities, self._rules)

    def _finish(self, draft: Answer, said: str | None, weighed: Weighed | None) -> Answer:
        if weighed is None:
            return replace(draft, answer=said or "", model_answer=said or "")
        answer = compose(draft, said, weighed, self.similarities, self._rules)
        return replace(answer, passages=weighed.found.passages)

    def _finished(self, draft: Answer, said: str | None, found: Found) -> Answer:
        return self._finish(draft, said, self._weigh(draft, found))

    @property
    def _rules(self) -> Rules:
        return Rules(
            self.config.answer.min_support,
            self.config.retrieval.passages,
            self._wording,
            self._judge,
            read_scale(self.workspace.index, self._embedder.source.name),
            self.reader,
        )

    @property
    def _wording(self) -> Wording:
        answer = self.config.answer
        return Wording(self.config.bot.contact, answer.tone, answer.length)

    @cached_property
    def _judge(self) -> Callable[[str, str], bool] | None:
        return open_judge(self.config.answer.judge)

    @property
    def reader(self) -> Reader | None:
        """The model that says beforehand whether passages answer; None where none is set."""
        with self._opening_reader:  # it is large: two first questions must not load it twice
            return self._reader

    @cached_property
    def _reader(self) -> Reader | None:
        return open_reader(self.config.answer.reader, pick_device(self.config.model.device))

    def _current_index(self) -> AbstractContextManager[Index]:
        """The index as the last run left it, also while the app runs: after an import alone, what
        is gone or changed isn't found any more."""
        self.workspace.need("index")
        return self._index.use()

    def _open_index(self) -> Index:
        server = server_of(self.config.retrieval)
        return Index(self.workspace.index, self.workspace.chunks, self._embedder, server)


def _sites(index: Index, question: str) -> tuple[Site, ...]:
    return sites_in(question, index.keywords.frequency, index.keywords.count)


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
