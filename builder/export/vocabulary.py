"""The tokenizer of an exported GGUF file, with its texts: llama.cpp and Ollama make the tokens
themselves."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from builder.errors import ModelUnavailable

_SPLITTERS = (("Digits", "smollm"), ("Split", "llama-bpe"))
"""What a byte-level tokenizer does before merging → llama.cpp's name for that."""


@dataclass(frozen=True, slots=True)
class ByteLevelVocabulary:
    """Tokens, merges and marks of a byte-level BPE tokenizer."""

    tokenizer: Any
    size: int
    """Rows of the model's embedding; tokens without a text are filled up."""

    def write(self, writer: Any) -> None:
        """Add all fields to the GGUFWriter. Raises ModelUnavailable for another kind."""
        import gguf

        inner = json.loads(self.tokenizer.backend_tokenizer.to_str())
        model = inner["model"]
        splitter = _splitter(inner)
        if model["type"] != "BPE" or not splitter:
            raise ModelUnavailable(
                "its tokenizer can't be written as GGUF (it is no byte-level BPE).",
                str(self.tokenizer.name_or_path),
                "Export it with --format merged, and convert that folder with llama.cpp's "
                "convert_hf_to_gguf.py.",
            )
        special = {i: t for i, t in self.tokenizer.added_tokens_decoder.items() if t.special}
        by_id = {number: text for text, number in self.tokenizer.get_vocab().items()}
        ids = range(self.size)
        writer.add_tokenizer_model("gpt2")
        writer.add_tokenizer_pre(splitter)
        writer.add_token_list([by_id.get(number, f"[PAD{number}]") for number in ids])
        writer.add_token_types([_type(gguf.TokenType, n, by_id, special) for n in ids])
        writer.add_token_merges([m if isinstance(m, str) else " ".join(m) for m in model["merges"]])
        writer.add_bos_token_id(self.tokenizer.bos_token_id or self.tokenizer.eos_token_id)
        writer.add_eos_token_id(self.tokenizer.eos_token_id)
        writer.add_pad_token_id(self.tokenizer.pad_token_id or self.tokenizer.eos_token_id)
        writer.add_add_bos_token(False)
        writer.add_chat_template(self.tokenizer.chat_template)


def _type(kinds: Any, number: int, by_id: dict[int, str], special: dict[int, Any]) -> Any:
    if number not in by_id:
        return kinds.UNUSED
    return kinds.CONTROL if number in special else kinds.NORMAL


def _splitter(inner: dict[str, Any]) -> str:
    """llama.cpp's name of how the text is split; empty where it isn't byte-level."""
    before = inner.get("pre_tokenizer") or {}
    parts = [part["type"] for part in before.get("pretokenizers", [before]) if part.get("type")]
    if "ByteLevel" not in parts:
        return ""
    return next((name for kind, name in _SPLITTERS if kind in parts), "gpt-2")
