"""A LangChain document loader, named by its dotted path in bot.toml, as a source.

The loader runs in a worker process of its own: it is code from elsewhere that may hang, use up the
memory or take the interpreter along. It runs whole for every import, since loaders can't tell what
changed; what it gave is then compared by content.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from itertools import chain
from typing import TYPE_CHECKING, Any

from connectors.errors import SourceError
from connectors.item import Outcome, document_id
from connectors.language import detect
from connectors.records import Document, Part, Rejection
from connectors.worker import read_items

if TYPE_CHECKING:
    from langchain_core.document_loaders import BaseLoader
    from langchain_core.documents import Document as LoadedDocument

FORMAT = "md"  # what loaders give is plain text or Markdown
_COUNTED = {"page": "page", "row": "row", "slide": "slide"}
"""Keys of metadata that count from 0 → what their numbers are called in locators."""
_STATED = {"page_label": "page", "page_number": "page", "seq_num": "record", "section": ""}
"""Keys whose value is used as it stands."""


@dataclass(frozen=True, slots=True)
class LoaderSettings:
    """What bot.toml says of one loader."""

    name: str
    loader: str
    """Dotted path of a subclass of langchain_core's BaseLoader."""
    args: Mapping[str, Any]
    """`{env = "NAME"}` in them stands for an environment variable's value."""
    seconds: float = 600
    memory_mb: int = 2000


@dataclass(frozen=True, slots=True)
class LoadedItem:
    """A document that a loader gave."""

    source: str
    document: Document

    @property
    def stamp(self) -> str:
        """By content."""
        return self.document.content_hash

    def read(self) -> Iterator[Outcome]:
        """The document, under the item's name."""
        yield replace(self.document, source=self.source, id=document_id(self.source))


class LoaderSource:
    """What a LangChain loader loads, a document for each `source` in its metadata."""

    def __init__(self, settings: LoaderSettings) -> None:
        self.name = settings.name
        self._settings = settings

    def items(self) -> Iterator[LoadedItem | Rejection]:
        """In the order of the loader. Raises SourceError where it can't be found, fails, or takes
        too long: then nothing of it is known."""
        run = _Run(self.name, self._settings)
        limits = (self._settings.seconds, self._settings.memory_mb)
        for outcome in chain.from_iterable(read_items([run], 1, *limits)):
            if isinstance(outcome, Document):
                yield LoadedItem(outcome.source, outcome)
            elif outcome.source == self.name:
                raise SourceError(outcome.message, self.name, "Check the loader.")
            else:
                yield outcome


@dataclass(frozen=True, slots=True)
class _Run:
    """One run of the loader, as something that a worker process reads."""

    source: str
    settings: LoaderSettings
    stamp: str = ""

    @property
    def environment(self) -> tuple[str, ...]:
        """The variables that its arguments name."""
        return tuple(_variables(self.settings.args))

    def read(self) -> Iterator[Outcome]:
        """Run the loader; SourceError, which hides its arguments, where it fails."""
        settings = self.settings
        try:
            loader = _loader_class(settings)(**_resolved(settings.args, settings.name))
            yield from _documents(loader.lazy_load(), settings.name)
        except (SourceError, MemoryError):
            raise
        except Exception as exc:  # its message may hold what the arguments hold
            kind = type(exc).__name__
            what = f"The loader {settings.loader} failed ({kind})."
            remedy = "Check its arguments, and that what it loads can be reached."
            raise SourceError(what, settings.name, remedy) from exc


def _loader_class(settings: LoaderSettings) -> type[BaseLoader]:
    from langchain_core.document_loaders import BaseLoader

    module, _, name = settings.loader.rpartition(".")
    try:
        found = getattr(import_module(module), name)
    except (ImportError, AttributeError) as exc:
        what = f"The loader {settings.loader} can't be imported ({type(exc).__name__})."
        raise SourceError(what, settings.name, "Install its package.") from exc
    if not (isinstance(found, type) and issubclass(found, BaseLoader)):
        what = f"{settings.loader} is no LangChain document loader."
        raise SourceError(what, settings.name, "Name a subclass of BaseLoader.")
    return found


def _variables(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        if _is_reference(value):
            yield value["env"]
        else:
            yield from chain.from_iterable(map(_variables, value.values()))
    elif isinstance(value, list | tuple):
        yield from chain.from_iterable(map(_variables, value))


def _is_reference(value: Mapping[str, Any]) -> bool:
    return set(value) == {"env"} and isinstance(value["env"], str)


def _resolved(value: Any, name: str) -> Any:
    """The value, with `{env = "NAME"}` replaced at any depth."""
    if isinstance(value, Mapping):
        if _is_reference(value):
            return _variable(value["env"], name)
        return {key: _resolved(inner, name) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_resolved(inner, name) for inner in value]
    return value


def _variable(variable: str, name: str) -> str:
    if variable not in os.environ:
        what = f"The environment variable {variable} is not set."
        raise SourceError(what, name, "Put the secret into it.")
    return os.environ[variable]


def _documents(loaded: Iterable[LoadedDocument], name: str) -> Iterator[Outcome]:
    """One Document for each `source` of the metadata, its pieces as parts, in their order."""
    groups: dict[str, list[LoadedDocument]] = {}
    for document in loaded:
        groups.setdefault(_source(document, name), []).append(document)
    for source, pieces in groups.items():
        yield _document(source, pieces)


def _source(document: LoadedDocument, name: str) -> str:
    """Unique and the same at the next import: what the loader says, else by id, else by content."""
    stated = str(document.metadata.get("source") or document.id or "").strip().lstrip("/")
    if not stated:
        stated = hashlib.sha256(document.page_content.encode("utf-8", "replace")).hexdigest()[:16]
    return f"{name}/{stated}"


def _document(source: str, pieces: list[LoadedDocument]) -> Outcome:
    parts = tuple(
        Part(_locator(piece, number, len(pieces)), piece.page_content)
        for number, piece in enumerate(pieces, 1)
        if piece.page_content.strip()
    )
    if not parts:
        return Rejection(source, "no-text", "There is no text in it. Leave it out or fill it.")
    title = str(pieces[0].metadata.get("title") or "") or source.rpartition("/")[2]
    digest = hashlib.sha256(title.encode("utf-8", "replace"))
    for part in parts:
        digest.update(f"\0{part.locator}\0{part.text}".encode("utf-8", "replace"))
    return Document(
        id=document_id(source),
        source=source,
        title=title,
        language=detect("\n".join(part.text for part in parts[:20])),
        format=FORMAT,
        content_hash=digest.hexdigest(),
        parts=parts,
    )


def _locator(piece: LoadedDocument, number: int, pieces: int) -> str:
    metadata = piece.metadata
    if metadata.get("locator"):
        return str(metadata["locator"])
    for key, word in _STATED.items():
        if metadata.get(key):
            return f"{word} {metadata[key]}".strip()
    for key, word in _COUNTED.items():
        if isinstance(metadata.get(key), int):
            return f"{word} {metadata[key] + 1}"
    return f"part {number}" if pieces > 1 else ""
