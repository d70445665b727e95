"""Clients of Chroma: embedded in a folder, or of a server."""

from __future__ import annotations

import contextlib
import os
import threading
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from builder.config import RetrievalSection
from builder.errors import StoreUnavailable, UsageError

_EMBEDDED = "chunks"
_NAME_FILE = "collection"
_EMBEDDED_CLIENTS = threading.Lock()
"""Clients of one folder share a database in Chroma, which the last one's closing stops: nobody may
open one meanwhile."""
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class ChromaServer:
    """Where a Chroma server is."""

    url: str
    token_env: str = ""
    """Name of the environment variable that holds the token; empty where it needs none."""


def server_of(settings: RetrievalSection) -> ChromaServer | None:
    """The server that the settings name; None for the embedded database."""
    if not settings.chroma_url:
        return None
    return ChromaServer(settings.chroma_url, settings.chroma_token_env)


def open_client(folder: Path, server: ChromaServer | None) -> Any:
    """A client for the database in `folder`, or of the server."""
    import chromadb
    from chromadb.config import Settings

    quiet = Settings(anonymized_telemetry=False)
    if server is None:
        folder.mkdir(parents=True, exist_ok=True)
        with _EMBEDDED_CLIENTS:
            return chromadb.PersistentClient(str(folder), settings=quiet)
    address = urlsplit(server.url)
    secure = address.scheme == "https"
    return chromadb.HttpClient(
        host=address.hostname or "",
        port=address.port or (443 if secure else 8000),
        ssl=secure,
        headers=_headers(server),
        settings=quiet,
    )


def close_client(client: Any) -> None:
    """Let the client go."""
    with _EMBEDDED_CLIENTS:
        client.close()


def _headers(server: ChromaServer) -> dict[str, str]:
    if not server.token_env:
        return {}
    token = os.environ.get(server.token_env, "").strip()
    if not token:
        raise UsageError(
            "the environment variable with the Chroma server's token is not set.",
            server.token_env,
            "Set it, or take `chroma_token_env` out of bot.toml.",
        )
    address = urlsplit(server.url)
    if address.scheme != "https" and address.hostname not in _LOOPBACK:
        raise UsageError(
            "a token would go unencrypted over the network.",
            server.url,
            "Use an https address, or take `chroma_token_env` out of bot.toml.",
        )
    return {"Authorization": f"Bearer {token}"}


def collection_prefix(folder: Path, server: ChromaServer | None) -> str:
    """Beginning of the names of the bot's collections. On a server, which other bots use too, it is
    made up once and kept beside `folder`."""
    if server is None:
        return _EMBEDDED
    path = folder.parent / _NAME_FILE
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"monoshiri-{uuid.uuid4().hex[:16]}\n", "utf-8")
    return path.read_text("utf-8").strip()


@contextlib.contextmanager
def translated(server: ChromaServer | None) -> Iterator[None]:
    """What the server's client raises, as StoreUnavailable; errors of the embedded database stay as
    they are."""
    import httpx
    from chromadb.errors import ChromaError

    if server is None:
        yield
        return
    try:
        yield
    except (httpx.HTTPError, ChromaError, ValueError) as exc:  # ValueError: the client's own
        raise StoreUnavailable(
            f"the Chroma server does not answer as it should ({type(exc).__name__}: {exc}).",
            server.url,
            "Start it, or check `chroma_url` in bot.toml.",
        ) from exc
