"""A Transformers model as one GGUF file, which llama.cpp and what builds on it read.

Weights of the linear layers and the embedding become integers in blocks of 32 with a scale each, in
8 bits (Q8_0) where nothing else is asked for; norms and biases stay in 32 bits.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from builder.errors import ModelUnavailable
from builder.models.gguf_vocabulary import Vocabulary

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ARCHITECTURES = {"llama": "llama", "mistral": "llama", "qwen2": "qwen2"}
"""Transformers' `model_type` → llama.cpp's name of the same layers."""
BLOCK = 32  # weights that share a scale
Progress = Callable[[str], None]
Weights = Literal["Q8_0", "Q4_1"]
"""llama.cpp's names; Q4_1 has 4 bits and a least value for each block."""


def reason_not_written(config: Any) -> str:
    """Why a model of this configuration can't be written; empty where it can."""
    if config.model_type not in ARCHITECTURES:
        return f"models of the type {config.model_type} are not supported"
    rope = getattr(config, "rope_parameters", None) or {}
    if rope.get("rope_type", "default") != "default":
        return f"rotary embeddings of the type {rope['rope_type']} are not supported"
    if getattr(config, "use_sliding_window", False):
        return "sliding windows are not supported"
    return ""


def write_gguf(model: Any, vocabulary: Vocabulary, path: Path, weights: Weights = "Q8_0") -> None:
    """Write the model to `path`. Raises ModelUnavailable for a kind of model that isn't known."""
    import gguf

    config = model.config
    reason = reason_not_written(config)
    if reason:
        raise ModelUnavailable(
            f"it can't be written as GGUF: {reason}.",
            str(getattr(config, "name_or_path", "") or config.model_type),
            "Use it by Transformers, or as safetensors.",
        )
    architecture = ARCHITECTURES[config.model_type]
    writer = gguf.GGUFWriter(path, architecture)
    _write_sizes(writer, config)
    writer.add_file_type(gguf.LlamaFileType[f"MOSTLY_{weights}"])
    vocabulary.write(writer)
    names = gguf.get_tensor_name_map(
        gguf.MODEL_ARCH.LLAMA if architecture == "llama" else gguf.MODEL_ARCH.QWEN2,
        config.num_hidden_layers,
    )
    tied = bool(getattr(config, "tie_word_embeddings", False))
    for name, weight in model.state_dict().items():
        if tied and name == "lm_head.weight":
            continue  # llama.cpp takes the embedding
        target = names.get_name(name, try_suffixes=(".weight", ".bias"))
        if target is None:
            raise ModelUnavailable(
                f"it can't be written as GGUF: it has a tensor that is not known ({name}).",
                config.model_type,
                "Use it by Transformers, or as safetensors.",
            )
        _add(writer, target, _arranged(name, _numbers(weight), config, architecture), weights)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _write_sizes(writer: Any, config: Any) -> None:
    import gguf

    heads = config.num_attention_heads
    rope = getattr(config, "rope_parameters", None) or {}
    head = getattr(config, "head_dim", None) or config.hidden_size // heads
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_key_length(head)
    writer.add_value_length(head)
    writer.add_rope_dimension_count(head)
    writer.add_rope_freq_base(float(rope.get("rope_theta", 10_000.0)))
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_vocab_size(config.vocab_size)
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)


def _numbers(weight: Any) -> NDArray[np.float32]:
    numbers: NDArray[np.float32] = weight.detach().float().cpu().numpy()
    return numbers


def _arranged(
    name: str, weight: NDArray[np.float32], config: Any, architecture: str
) -> NDArray[np.float32]:
    """Transformers rotates the halves of a head, llama.cpp's `llama` neighbours: the rows of
    queries and keys change places."""
    if architecture != "llama" or not name.endswith(("q_proj.weight", "k_proj.weight")):
        return weight
    heads = config.num_key_value_heads if "k_proj" in name else config.num_attention_heads
    rows, *rest = weight.shape
    halves = weight.reshape(heads, 2, rows // heads // 2, *rest)
    return halves.swapaxes(1, 2).reshape(weight.shape)


def _add(writer: Any, name: str, weight: NDArray[np.float32], weights: Weights) -> None:
    import gguf

    if weight.ndim < 2 or weight.shape[-1] % BLOCK:
        writer.add_tensor(name, weight)
        return
    kind = gguf.GGMLQuantizationType[weights]
    writer.add_tensor(name, gguf.quants.quantize(weight, kind), raw_dtype=kind)
