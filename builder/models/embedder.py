"""Texts to vectors: an E5 encoder (`query:` and `passage:` prefixes, mean pooling).

Source of the recipe: the model card of intfloat/multilingual-e5-small; arXiv 2402.05672.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from builder.errors import ModelUnavailable
from builder.models.catalog import ModelSource

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BATCH = 8  # texts of one forward pass: more is no faster on a CPU and holds more memory
MAX_TOKENS = 512


class Embedder:
    """Loads on first use; unit-length vectors of `dimension` floats. One thread at a time uses it:
    its tokenizer is told anew in each call how to pad and cut."""

    def __init__(self, source: ModelSource) -> None:
        self.source = source
        self._tokenizer: Any = None
        self._model: Any = None
        self._using = threading.Lock()

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(texts, dimension) vectors of texts that will be searched."""
        return self._embed([f"passage: {text}" for text in texts])

    def queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(texts, dimension) vectors of questions."""
        return self._embed([f"query: {text}" for text in texts])

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Length of each text in tokens, without prefix and special tokens."""
        if not texts:
            return []
        with self._using:
            encoded = self._load_tokenizer()(list(texts), add_special_tokens=False, verbose=False)
        return [len(ids) for ids in encoded["input_ids"]]

    def unload(self) -> None:
        """Give the network's memory back; the next text loads it again."""
        self._model = None

    def _embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        import numpy as np

        if not texts:
            return np.empty((0, 0), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))  # little padding in a batch
        rows: list[NDArray[np.float32] | None] = [None] * len(texts)
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            with self._using:
                vectors = self._forward([texts[i] for i in batch])
            for index, vector in zip(batch, vectors, strict=True):
                rows[index] = vector
        return np.stack([row for row in rows if row is not None])

    def _forward(self, texts: list[str]) -> NDArray[np.float32]:
        import torch

        model = self._load_model()
        encoded = self._load_tokenizer()(
            texts, padding=True, truncation=True, max_length=MAX_TOKENS, return_tensors="pt"
        ).to(model.device)
        mask = encoded["attention_mask"]
        with torch.inference_mode():
            hidden = model(input_ids=encoded["input_ids"], attention_mask=mask).last_hidden_state
            weights = mask[..., None].to(hidden.dtype)
            mean = (hidden * weights).sum(1) / weights.sum(1)
            unit = torch.nn.functional.normalize(mean.float(), dim=-1)
        vectors: NDArray[np.float32] = unit.cpu().numpy()
        return vectors

    def _load_tokenizer(self) -> Any:
        if self._tokenizer is None:
            from transformers import AutoTokenizer

            with _unavailable(self.source):
                self._tokenizer = AutoTokenizer.from_pretrained(
                    self.source.location, trust_remote_code=False
                )
        return self._tokenizer

    def _load_model(self) -> Any:
        if self._model is None:
            import torch
            from transformers import AutoModel

            from builder.models.quiet import quiet_transformers

            quiet_transformers()
            device = "cuda" if torch.cuda.is_available() else "cpu"
            with _unavailable(self.source):
                model = AutoModel.from_pretrained(
                    self.source.location,
                    dtype=torch.float16 if device == "cuda" else torch.float32,
                    trust_remote_code=False,
                    use_safetensors=True,
                )
            self._model = model.to(device).eval()
        return self._model


@contextlib.contextmanager
def _unavailable(source: ModelSource) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as exc:
        raise ModelUnavailable(
            "the embedder can't be loaded (not a local folder, and not found on the model hub).",
            source.name,
            'Correct `embedder.name` in bot.toml, or use "embedded".',
        ) from exc
