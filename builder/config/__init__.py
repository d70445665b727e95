"""bot.toml: one frozen model per stage; unknown keys are refused, all faults reported at once.

`docs/configuration.md` documents every key (a test holds that).
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, field_validator, model_validator

from builder.config.base import Positive, Section, Share
from builder.config.sources import SourcesSection
from builder.errors import ConfigError

GeneratorName = Literal[
    "catalog",
    "conditions",
    "contacts",
    "corrections",
    "definitions",
    "faq",
    "followups",
    "lists",
    "no_answer",
    "numbers",
    "purposes",
    "rules",
    "sections",
    "tables",
    "teacher",
    "two_passages",
]


class BotSection(Section):
    """Who the bot is and for whom."""

    name: str = "Monoshiri"
    purpose: str = "answer questions about the company's documents and products"
    audience: Literal["everybody", "customers", "staff"] = "everybody"
    """Who asks: it weighs which facts are asked for."""
    tone: Literal["mixed", "polite", "casual"] = "mixed"
    """How the questions that it learns from are worded."""
    contact: str = ""
    """Whom to ask when the documents do not say; shown with a refusal."""


class AccessRule(Section):
    """Documents whose source matches `path` may be read by `groups` only."""

    path: str = Field(min_length=1)
    groups: tuple[Annotated[str, Field(min_length=1)], ...] = Field(min_length=1)

    @field_validator("path")
    @classmethod
    def _restricts(cls, path: str) -> str:
        # Patterns that match nothing would leave open what they were written to close.
        bare = path.strip().removeprefix("./")
        if not bare or bare.startswith(("!", "#")) or bare.endswith("\\"):
            raise ValueError("this pattern matches nothing; write it like `hr/` or `**/salary*`")
        return bare


class PrivacySection(Section):
    """What is done with personal data: mask it, leave out the passage, or only count it."""

    training: Literal["mask", "drop", "report", "off"] = "mask"
    """For what becomes training data."""
    retrieval: Literal["keep", "mask", "drop"] = "keep"
    """For what the bot finds and quotes."""
    keep: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    """What is not personal, with `*`: the company's own addresses and numbers."""


class ChunksSection(Section):
    """How documents are cut."""

    tokens: Annotated[int, Field(ge=40, le=450)] = 180
    """Most tokens of a chunk, by the embedder's tokenizer."""


class EmbedderSection(Section):
    """Which embedder makes the vectors."""

    name: str = "embedded"
    """`embedded`, or a hub id or local folder of an E5-like model."""


class ModelSection(Section):
    """Which language model is tuned and asked."""

    name: str = "embedded"
    """`embedded`, or a hub id or local folder."""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    languages: tuple[str, ...] = ()
    """Languages that the model writes; empty: what is known of the model."""
    runtime: Literal["auto", "transformers", "openvino", "llama.cpp"] = "auto"
    """What computes the answers; `auto`: OpenVINO on a CPU where it can, else Transformers."""
    adapter: Annotated[str, Field(pattern=r"^(newest|v[1-9]\d*)$")] = "newest"
    """Which adapter answers: the newest, or a version (`v1`) to stay with or go back to."""


class RetrievalSection(Section):
    """How passages are found."""

    passages: Annotated[int, Field(ge=1, le=10)] = 3
    """How many passages the prompt holds."""
    candidates: Annotated[int, Field(ge=5, le=200)] = 40
    """How many each of the two searches puts up for fusion."""
    dense_weight: Share = 0.7
    """Weight of the embedder in the fusion; BM25 has the rest."""
    synonyms: tuple[tuple[str, ...], ...] = ()
    """Groups of words that mean the same in this company, beside the built-in ones."""
    reranker: str = ""
    """A sentence-transformers CrossEncoder (hub id or folder) that orders the candidates anew."""
    chroma_url: Annotated[str, Field(pattern=r"^(https?://[^\s/@]+/?)?$")] = ""
    """Address of a Chroma server; empty: the database is in the bot's folder."""
    chroma_token_env: str = ""
    """Name of the environment variable that holds the server's token."""


class DatasetSection(Section):
    """Which pairs are made and kept."""

    seed: int = 7
    max_pairs: Positive = 6000
    wordings: Annotated[int, Field(ge=1, le=12)] = 8
    """Most wordings of one fact."""
    generators: tuple[GeneratorName, ...] = ()
    """Which generators write; empty: all of them."""
    weights: dict[GeneratorName, Annotated[float, Field(ge=0.0, le=100.0)]] = Field(
        default_factory=dict
    )
    """How much of each generator stays where there are more than `max_pairs`; 1 where not said,
    beside what the bot's purpose and audience suggest."""
    no_answer_share: Annotated[float, Field(ge=0.0, le=0.1)] = 0.03
    followup_share: Annotated[float, Field(ge=0.0, le=0.5)] = 0.08
    """Share of pairs that go on a conversation."""
    two_passage_share: Annotated[float, Field(ge=0.0, le=0.5)] = 0.04
    """Share of pairs whose answer needs two passages."""
    augmented_share: Annotated[float, Field(ge=0.0, le=1.0)] = 0.15
    """Share of the training pairs that get a copy with another spelling or word."""
    alpaca: bool = False
    """Also write the splits in Alpaca form."""


class TeacherSection(Section):
    """A larger model that writes further pairs: behind an OpenAI-compatible endpoint, or any
    LangChain chat model."""

    url: str = ""
    model: str = ""
    chat_model: str = Field(default="", pattern=r"^$|^[A-Za-z_]\w*(\.[A-Za-z_]\w*)+$")
    """Dotted path of a LangChain chat model's class, in place of `url`."""
    args: dict[str, Any] = Field(default_factory=dict)
    """The chat model's arguments; `{env = "NAME"}` stands for an environment variable's value."""
    parallel: Annotated[int, Field(ge=1, le=64)] = 4
    """How many passages are asked about at once."""
    api_key_env: str = "MONOSHIRI_TEACHER_KEY"
    """Name of the environment variable that holds the key."""
    max_tokens: Positive = 200_000
    """Budget of tokens for one run."""
    max_cost: Annotated[float, Field(ge=0.0)] = 0.0
    """Budget of money for one run, in the prices' currency; 0: no limit."""
    price_in: Annotated[float, Field(ge=0.0)] = 0.0
    """Price of a million tokens that are read."""
    price_out: Annotated[float, Field(ge=0.0)] = 0.0
    """Price of a million tokens that are written."""

    @model_validator(mode="after")
    def _model_named(self) -> TeacherSection:
        if self.url and not self.model:
            raise ValueError("teacher.url is set but teacher.model is not")
        if self.url and self.chat_model:
            raise ValueError("needs either url or chat_model, not both")
        if self.max_cost and not (self.price_in or self.price_out):
            raise ValueError("teacher.max_cost needs price_in or price_out")
        return self


class TrainingSection(Section):
    """How the model is trained. Rank, rate and epochs of 0 are chosen by `training.recipe`."""

    method: Literal["qlora", "lora", "dora", "rslora", "last-layers", "full"] = "qlora"
    """What is trained: `builder.training.methods`."""
    last_layers: Positive = 4
    """How many layers the method `last-layers` trains."""
    rank: Annotated[int, Field(ge=0, le=256)] = 0
    alpha: Annotated[int, Field(ge=0)] = 0
    """0: twice the rank."""
    dropout: Annotated[float, Field(ge=0.0, lt=1.0)] = 0.0
    learning_rate: Annotated[float, Field(ge=0.0, le=0.1)] = 0.0
    epochs: Annotated[float, Field(ge=0.0, le=100.0)] = 0.0
    start_from: str = ""
    """`last`: go on from the newest adapter with what changed; else an adapter's folder."""
    replay_share: Annotated[float, Field(ge=0.0, le=0.5)] = 0.1
    """Share of answer tokens that are the base model's own answers to general questions."""
    patience: Annotated[int, Field(ge=0)] = 2
    """Stop after so many validations in a row without a better one; 0: never."""
    batch_tokens: Annotated[int, Field(ge=128)] = 1024
    """Tokens of one optimizer step."""
    micro_batch_tokens: Annotated[int, Field(ge=128)] = 768
    """Tokens of one forward pass: the lever on memory."""
    max_minutes: Annotated[float, Field(gt=0.0)] = 22.0
    """Plan the steps so that all of the training takes at most so long."""
    validations: Annotated[int, Field(ge=1)] = 5
    """How often the validation loss is taken in a run."""
    closed_book_share: Share = 0.15
    """Share of examples without passages."""
    watts: Annotated[float, Field(ge=0.0)] = 0.0
    """What the machine draws in training; 0: estimated."""
    kwh_price: Annotated[float, Field(ge=0.0)] = 0.0
    """Price of a kilowatt-hour, for `train --plan`; 0: no price is shown."""
    seed: int = 7
    groups: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    """Groups whose documents are learned from, beside those for everybody."""

    @model_validator(mode="after")
    def _micro_fits(self) -> TrainingSection:
        if self.micro_batch_tokens > self.batch_tokens:
            raise ValueError("training.micro_batch_tokens is larger than training.batch_tokens")
        return self


class AnswerSection(Section):
    """How questions are answered."""

    arm: Literal["auto", "base", "few-shot", "rag", "tuned", "tuned+rag"] = "auto"
    """`auto`: what the last evaluation recommends; before one tuned+rag, or rag untrained."""
    max_tokens: Annotated[int, Field(ge=8, le=2048)] = 64
    min_support: Share = 0.4
    """Least retrieval confidence (0…1; see `bot.refusal`) at which an answer is given instead of a
    refusal."""
    tone: Literal["polite", "plain"] = "polite"
    """Of the sentences that the bot says of its own: refusals, greetings."""
    length: Literal["full", "short"] = "full"
    """`short`: quotations without the list that they lead in, refusals without near documents."""
    retry: bool = False
    """Ask the model once more, with the best passage alone, where its answer did not hold."""
    own_knowledge: bool = False
    """Where the documents do not say, the model may answer of its own; the answer says so."""
    judge: str = ""
    """Hub id or local folder of an NLI model that each sentence must convince too."""
    reader: str = ""
    """Hub id or local folder of a chat model that says beforehand whether the passages answer."""


class PricesSection(Section):
    """What answers cost, for the report; 0 is free."""

    currency: str = "USD"
    prompt: Annotated[float, Field(ge=0.0)] = 0.0
    """A million tokens read."""
    completion: Annotated[float, Field(ge=0.0)] = 0.0
    """A million tokens written."""
    machine_hour: Annotated[float, Field(ge=0.0)] = 0.0
    """An hour of the machine that answers."""


class JudgeSection(Section):
    """A model behind an OpenAI-compatible endpoint that also says whether answers are right."""

    url: str = ""
    model: str = ""
    api_key_env: str = "MONOSHIRI_JUDGE_KEY"
    """Name of the environment variable that holds the key."""
    max_tokens: Positive = 200_000
    """Budget of tokens for one evaluation."""

    @model_validator(mode="after")
    def _model_named(self) -> JudgeSection:
        if self.url and not self.model:
            raise ValueError("evaluation.judge.url is set but evaluation.judge.model is not")
        return self


class EvaluationSection(Section):
    """How the arms are compared."""

    questions: Positive = 40
    """Most questions of the test split asked of each arm (a seeded sample)."""
    seed: int = 7
    prices: PricesSection = PricesSection()
    judge: JudgeSection = JudgeSection()


class Config(Section):
    """The whole of bot.toml."""

    bot: BotSection = BotSection()
    sources: SourcesSection = SourcesSection()
    access: tuple[AccessRule, ...] = ()
    privacy: PrivacySection = PrivacySection()
    chunks: ChunksSection = ChunksSection()
    embedder: EmbedderSection = EmbedderSection()
    model: ModelSection = ModelSection()
    retrieval: RetrievalSection = RetrievalSection()
    dataset: DatasetSection = DatasetSection()
    teacher: TeacherSection = TeacherSection()
    training: TrainingSection = TrainingSection()
    answer: AnswerSection = AnswerSection()
    evaluation: EvaluationSection = EvaluationSection()


def load_config(path: Path) -> Config:
    """Read bot.toml. Raises ConfigError with every fault of the file."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as exc:
        raise ConfigError("there is no such file.", str(path), "Check the path.") from exc
    except (OSError, UnicodeDecodeError) as exc:
        raise ConfigError("it can't be read as UTF-8.", str(path), f"({exc})") from exc
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as exc:
        raise ConfigError(f"it is not valid TOML: {exc}.", str(path), "Correct the line.") from exc
    try:
        return Config.model_validate(values)
    except ValidationError as exc:
        raise ConfigError(
            "; ".join(_fault(error) for error in exc.errors()) + ".",
            str(path),
            "Correct these keys; docs/configuration.md lists them all.",
        ) from exc


def _fault(error: object) -> str:
    details: dict[str, object] = dict(error)  # type: ignore[call-overload]
    location = details["loc"]
    key = ".".join(str(part) for part in location) if isinstance(location, tuple) else ""
    if details["type"] == "extra_forbidden":
        return f"unknown key `{key}`"
    message = str(details["msg"]).removeprefix("Value error, ")
    return f"`{key}`: {message}" if key else message
