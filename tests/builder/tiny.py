"""Small real things for tests: a byte tokenizer with a ChatML template, a two-layer Llama, chunks
and pairs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from builder.models.catalog import ModelSource
from builder.records import Chunk, Passage, QAPair

CHATML = (
    "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content']"
    " + '<|im_end|>' + '\n'}}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
GEMMA = (
    "{% for message in messages %}{{'<start_of_turn>' + message['role'] + '\n'"
    " + message['content'] + '<end_of_turn>' + '\n'}}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<start_of_turn>model\n' }}{% endif %}"
)
SIZES: Any = {
    "hidden_size": 64,
    "intermediate_size": 128,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "initializer_range": 0.1,
}


def make_tokenizer(
    start: str = "<|im_start|>", end: str = "<|im_end|>", template: str = CHATML
) -> Any:
    """One token a byte, and the two marks of a turn."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {letter: number for number, letter in enumerate(letters)}
    inner = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    inner.decoder = decoders.ByteLevel()
    inner.add_special_tokens([AddedToken(mark, special=True) for mark in (start, end)])
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=inner, bos_token=start, eos_token=end, pad_token=end
    )
    tokenizer.chat_template = template
    return tokenizer


def make_llama(vocabulary: int = 258, seed: int = 0) -> Any:
    """The same random weights at every call."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=vocabulary,
        **SIZES,
        max_position_embeddings=4096,
        tie_word_embeddings=True,
        bos_token_id=256,
        eos_token_id=257,
        pad_token_id=257,
    )
    return LlamaForCausalLM(config).eval()


def make_gemma(window: int) -> Any:
    """A tiny Gemma 3, whose first layer sees `window` tokens back."""
    import torch
    from transformers import Gemma3ForCausalLM, Gemma3TextConfig

    torch.manual_seed(0)
    config = Gemma3TextConfig(
        vocab_size=258,
        **SIZES,
        head_dim=16,
        sliding_window=window,
        layer_types=["sliding_attention", "full_attention"],
    )
    return Gemma3ForCausalLM(config).eval()


def save_tiny(folder: Path) -> ModelSource:
    """The tiny model and its tokenizer as a Transformers folder."""
    make_llama().save_pretrained(folder)
    make_tokenizer().save_pretrained(folder)
    return ModelSource("tiny", str(folder), ("en",), "Apache-2.0", "example/tiny-llama")


def save_adapter(folder: Path, base: ModelSource, seed: int) -> None:
    """An adapter of the model that changes what it says, as the seed has it."""
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM

    model = AutoModelForCausalLM.from_pretrained(base.location)
    torch.manual_seed(seed)
    made = get_peft_model(model, LoraConfig(r=2, target_modules="all-linear"))
    with torch.no_grad():
        for name, parameter in made.named_parameters():
            if "lora_B" in name:
                parameter.normal_(std=0.2)
    made.save_pretrained(folder)


def make_chunk(name: str, text: str, **changes: Any) -> Chunk:
    """A chunk of a document of the same name."""
    fields: dict[str, Any] = {
        "id": name,
        "document_id": f"d-{name}",
        "source": f"{name}.md",
        "title": name.capitalize(),
        "locator": "",
        "headings": (),
        "language": "en",
        "kind": "prose",
        "text": text,
        "model_text": text,
        "spans": ((0, 0, len(text)),),
        "tokens": len(text) // 4,
    }
    return Chunk(**(fields | changes))


def make_passage(chunk: Chunk, similarity: float = 0.9, overlap: float = 0.8) -> Passage:
    return Passage(chunk, 1.0, similarity, overlap)


def make_pair(number: int, chunk: str, **changes: Any) -> QAPair:
    """A pair about a chunk."""
    fields: dict[str, Any] = {
        "id": f"p{number:03}",
        "question": f"What is {number}?",
        "answer": f"It is {number}.",
        "quote": "",
        "chunk_id": chunk,
        "document_id": f"d-{chunk}",
        "source": f"{chunk}.md",
        "locator": "",
        "language": "en",
        "kind": "number",
        "generator": "structure",
        "fact": f"f{number}",
    }
    return QAPair(**(fields | changes))
