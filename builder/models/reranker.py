"""A cross-encoder that reads question and passage together, to order passages anew."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from builder.errors import ModelUnavailable

BATCH = 16
MAX_TOKENS = 512


class Reranker:
    """A sentence-transformers CrossEncoder with one score; loads on first use."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._lock = threading.Lock()
        self._model: Any = None

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """How well each text answers the question (0…1); raises ModelUnavailable."""
        import torch

        if not texts:
            return []
        with self._lock:
            model = self._model = self._model or self._load()
            logits = model.predict(
                [(question, text) for text in texts],
                batch_size=BATCH,
                show_progress_bar=False,
                activation_fn=torch.nn.Identity(),
            )
        found: list[float] = torch.sigmoid(torch.as_tensor(logits).float()).tolist()
        return found

    def _load(self) -> Any:
        try:
            from sentence_transformers import CrossEncoder
        except ImportError as exc:
            raise ModelUnavailable(
                "rerankers need sentence-transformers.",
                self.name,
                'Run `pip install "monoshiri[rerank]"`, or take `reranker` out of bot.toml.',
            ) from exc
        try:
            model = CrossEncoder(self.name, trust_remote_code=False, max_length=MAX_TOKENS)
        except Exception as exc:  # transformers raises of all kinds
            raise ModelUnavailable(
                f"the reranker can't be loaded ({type(exc).__name__}: {exc}).",
                self.name,
                "Check `reranker` in bot.toml: a hub id or a folder with a CrossEncoder.",
            ) from exc
        if model.num_labels != 1:
            raise ModelUnavailable(
                f"it has {model.num_labels} scores, a reranker has one.",
                self.name,
                "Choose another CrossEncoder.",
            )
        return model


@lru_cache(maxsize=2)
def open_reranker(name: str) -> Reranker:
    """The reranker of that name, the same one each time."""
    return Reranker(name)
