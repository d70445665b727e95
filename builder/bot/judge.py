"""A natural-language-inference model as a second opinion on what follows from a passage."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from builder.errors import ConfigError, ModelUnavailable

MAX_TOKENS = 512


def open_judge(name: str) -> Callable[[str, str], bool] | None:
    """(passage, sentence) → whether the sentence follows, by the model of that name (hub id or a
    local folder); None without a name. Raises ModelUnavailable where it can't be
    loaded, ConfigError where it is no NLI model."""
    if not name:
        return None
    tokenizer, model, entailment = _load(name)

    def follows(passage: str, sentence: str) -> bool:
        import torch

        encoded = tokenizer(
            passage, sentence, truncation="only_first", max_length=MAX_TOKENS, return_tensors="pt"
        )
        with torch.inference_mode():
            return int(model(**encoded).logits[0].argmax()) == entailment

    return follows


@lru_cache(maxsize=1)
def _load(name: str) -> tuple[Any, Any, int]:
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(name, trust_remote_code=False)
        model = AutoModelForSequenceClassification.from_pretrained(
            name, trust_remote_code=False, use_safetensors=True
        ).eval()
    except (OSError, ValueError) as exc:
        raise ModelUnavailable(
            f"the judge can't be loaded ({type(exc).__name__}).", name, "Check `answer.judge`."
        ) from exc
    labels = {str(label).lower(): int(n) for n, label in model.config.id2label.items()}
    found = [n for label, n in labels.items() if label.startswith("entail")]
    if len(found) != 1:
        raise ConfigError(
            f"its labels ({', '.join(sorted(labels))}) have no entailment.",
            name,
            "Name a model for natural-language inference in `answer.judge`.",
        )
    return tokenizer, model, found[0]
