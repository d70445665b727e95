"""The merged model in llama.cpp with 4 bits a weight, as llama.cpp is mostly used."""

from __future__ import annotations

from benchmarks.engines.engine import Tuned, require
from builder.models.completion import Runtime
from builder.models.gguf_vocabulary import IdsOnly
from builder.models.gguf_writer import write_gguf
from builder.models.llama_runtime import LlamaRuntime


def open_q4(tuned: Tuned) -> Runtime:
    """Q4_1: 4 bits, with a scale and a least value for each block of 32."""
    require("xllamacpp")
    from transformers import AutoModelForCausalLM

    model = AutoModelForCausalLM.from_pretrained(tuned.merged)
    tokenizer = tuned.tokenizer()
    path = tuned.scratch / "q4_1.gguf"
    vocabulary = IdsOnly(model.config.vocab_size, tokenizer.eos_token_id)
    write_gguf(model, vocabulary, path, "Q4_1")
    return LlamaRuntime(tokenizer, path, model.config.max_position_embeddings)
