"""The vocabulary of a GGUF file.

For serving, the numbers of the tokens are enough: prompts go in and answers come out as token ids,
and the model's own tokenizer makes both. So no tokenizer is made a second time, and none can
differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol


class Vocabulary(Protocol):
    """Writes the tokenizer's part of a GGUF file."""

    def write(self, writer: Any) -> None:
        """Add all fields to the GGUFWriter."""


@dataclass(frozen=True, slots=True)
class IdsOnly:
    """So many tokens without their texts."""

    size: int
    end: int
    """Id of the token that ends an answer."""

    def write(self, writer: Any) -> None:
        """Names in the place of texts: a file without any isn't read by llama.cpp, and one without
        a mark isn't by OpenVINO."""
        import gguf

        kinds = [gguf.TokenType.NORMAL] * self.size
        kinds[self.end] = gguf.TokenType.CONTROL
        writer.add_tokenizer_model("gpt2")
        writer.add_tokenizer_pre("gpt-2")
        writer.add_token_list([f"t{number}" for number in range(self.size)])
        writer.add_token_types(kinds)
        writer.add_token_merges(["t 0"])
        writer.add_bos_token_id(self.end)
        writer.add_eos_token_id(self.end)
        writer.add_pad_token_id(self.end)
        writer.add_add_bos_token(False)
