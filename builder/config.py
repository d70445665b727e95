"""bot.toml: one frozen model per stage; unknown keys are refused, all faults reported at once.

`docs/configuration.md` documents every key (a test holds that).
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from builder.errors import ConfigError

Share = Annotated[float, Field(ge=0.0, le=1.0)]
Positive = Annotated[int, Field(ge=1)]


class Section(BaseModel):
    """A table of bot.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)


class BotSection(Section):
    """Who the bot is and for whom."""

    name: str = "Monoshiri"
    purpose: str = "answer questions about the company's documents and products"
    contact: str = ""
    """Whom to ask when the documents do not say; shown with a refusal."""


class SourcesSection(Section):
    """What is imported."""

    paths: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    max_file_mb: Positive = 100
    seconds_per_file: Positive = 120
    memory_mb: Positive = 2000


class AccessRule(Section):
    """Documents whose source matches `path` may be read by `groups` only."""

    path: str
    groups: tuple[str, ...] = Field(min_length=1)


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


class RetrievalSection(Section):
    """How passages are found."""

    passages: Annotated[int, Field(ge=1, le=10)] = 3
    """How many passages the prompt holds."""
    candidates: Annotated[int, Field(ge=5, le=200)] = 40
    """How many each of the two searches puts up for fusion."""
    dense_weight: Share = 0.7
    """Weight of the embedder in the fusion; BM25 has the rest."""


class DatasetSection(Section):
    """Which pairs are made and kept."""

    seed: int = 7
    max_pairs: Positive = 6000
    wordings: Annotated[int, Field(ge=1, le=12)] = 4
    """Most wordings of one fact."""
    no_answer_share: Annotated[float, Field(ge=0.0, le=0.1)] = 0.03
    alpaca: bool = False
    """Also write the splits in Alpaca form."""


class TeacherSection(Section):
    """A model behind an OpenAI-compatible endpoint that writes further pairs."""

    url: str = ""
    model: str = ""
    api_key_env: str = "MONOSHIRI_TEACHER_KEY"
    """Name of the environment variable that holds the key."""
    max_tokens: Positive = 200_000
    """Budget of tokens for one run."""

    @model_validator(mode="after")
    def _model_named(self) -> TeacherSection:
        if self.url and not self.model:
            raise ValueError("teacher.url is set but teacher.model is not")
        return self


class TrainingSection(Section):
    """How the adapter is trained."""

    rank: Annotated[int, Field(ge=1, le=256)] = 16
    alpha: Positive = 32
    dropout: Annotated[float, Field(ge=0.0, lt=1.0)] = 0.0
    learning_rate: Annotated[float, Field(gt=0.0, le=0.1)] = 1e-3
    epochs: Annotated[float, Field(gt=0.0, le=100.0)] = 3.0
    batch_tokens: Annotated[int, Field(ge=128)] = 1024
    """Tokens of one optimizer step."""
    micro_batch_tokens: Annotated[int, Field(ge=128)] = 768
    """Tokens of one forward pass: the lever on memory."""
    max_minutes: Annotated[float, Field(gt=0.0)] = 20.0
    """Stop after this many minutes of training and keep the best step."""
    validations: Annotated[int, Field(ge=1)] = 5
    """How often the validation loss is taken in a run."""
    closed_book_share: Share = 0.15
    """Share of examples without passages."""
    seed: int = 7

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
    """Least retrieval confidence (0…1) at which an answer is given instead of a refusal."""


class EvaluationSection(Section):
    """How the arms are compared."""

    questions: Positive = 40
    """Most questions of the test split asked of each arm (a seeded sample)."""
    seed: int = 7


class Config(Section):
    """The whole of bot.toml."""

    bot: BotSection = BotSection()
    sources: SourcesSection = SourcesSection()
    access: tuple[AccessRule, ...] = ()
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
