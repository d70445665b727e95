"""The packed embedder file, read against one that the test writes by the format's description."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import load_file

from builder.models import e5_weights
from builder.models.e5_weights import PLAIN_NAMES, QUANTIZED_NAMES, convert

HIDDEN, FEED_FORWARD, POSITIONS = 32, 64, 16
PIECES = [
    ("<s>", 0.0),
    ("<pad>", 0.0),
    ("</s>", 0.0),
    ("<unk>", 0.0),
    ("▁", -3.0),
    ("▁a", -1.0),
    ("b", -2.0),
    ("返品", -1.5),
]


def quantize(values: NDArray[np.float32]) -> tuple[bytes, NDArray[np.float32]]:
    """Q4_0 as GGML writes it, and what the blocks mean."""
    blocks = values.reshape(-1, 32)
    data, meant = b"", []
    for block in blocks:
        largest = block[np.abs(block).argmax()]
        scale = np.float16(largest / -8)
        inverse = 1 / np.float32(scale) if scale else 0.0
        codes = np.clip(np.floor(block * inverse + 8.5), 0, 15).astype(np.uint8)
        data += scale.tobytes() + (codes[:16] | codes[16:] << 4).tobytes()
        meant.append((codes.astype(np.float32) - 8) * np.float32(scale))
    return data, np.stack(meant).reshape(values.shape)


def write_packed(path: Path) -> dict[str, NDArray[np.float32]]:
    """Write a network of one layer; returns its tensors by their names in the file."""
    rng = np.random.default_rng(0)
    shapes = {"q.w": (HIDDEN, HIDDEN), "k.w": (HIDDEN, HIDDEN), "v.w": (HIDDEN, HIDDEN)}
    shapes |= {"ao.w": (HIDDEN, HIDDEN), "fi.w": (FEED_FORWARD, HIDDEN)}
    shapes |= {"fo.w": (HIDDEN, FEED_FORWARD)}
    tensors: dict[str, NDArray[np.float32]] = {}
    stored: dict[str, bytes] = {}

    def plain(name: str, *shape: int) -> None:
        tensors[name] = rng.normal(size=shape).astype(np.float32)
        stored[name] = tensors[name].tobytes()

    def packed(name: str, *shape: int) -> None:
        stored[name], tensors[name] = quantize(rng.normal(size=shape).astype(np.float32))

    packed("emb.word", len(PIECES), HIDDEN)
    plain("emb.pos", POSITIONS, HIDDEN)
    plain("emb.type", 2, HIDDEN)
    plain("emb.ln.w", HIDDEN)
    plain("emb.ln.b", HIDDEN)
    for short in QUANTIZED_NAMES:
        packed(f"l0.{short}", *shapes[short])
    for short in PLAIN_NAMES:
        plain(f"l0.{short}", FEED_FORWARD if short == "fi.b" else HIDDEN)

    words = [piece.encode() for piece, _ in PIECES]
    offsets = np.cumsum([0, *map(len, words)]).tolist()
    head = b"E5S1" + struct.pack("<I", 1)
    head += struct.pack("<7i", HIDDEN, 1, 2, FEED_FORWARD, len(PIECES), POSITIONS, 2)
    head += struct.pack("<fii", 1e-12, 32, len(PIECES)) + struct.pack("<4i", 0, 2, 1, 3)
    head += struct.pack("<Q", offsets[-1]) + struct.pack(f"<{len(offsets)}I", *offsets)
    head += struct.pack(f"<{len(PIECES)}f", *(score for _, score in PIECES)) + b"".join(words)
    head += struct.pack("<iI", 1, 5) + b"abcde" + struct.pack("<i", len(stored))
    entry_bytes = sum(2 + len(name) + 5 + 16 for name in stored)
    at = len(head) + entry_bytes
    directory = b""
    for name, data in stored.items():
        directory += struct.pack("<H", len(name)) + name.encode() + struct.pack("<BI", 0, 2)
        directory += struct.pack("<QQ", at, len(data))
        at += len(data)
    path.write_bytes(head + directory + b"".join(stored.values()))
    return tensors


def test_every_tensor_of_the_file_arrives_under_its_transformers_name(tmp_path: Path) -> None:
    written = write_packed(tmp_path / "packed.bin")
    convert(tmp_path / "packed.bin", tmp_path / "model")
    loaded = load_file(tmp_path / "model" / "model.safetensors")

    names = {"emb.word": "embeddings.word_embeddings.weight"}
    names |= {"emb.pos": "embeddings.position_embeddings.weight"}
    names |= {"emb.type": "embeddings.token_type_embeddings.weight"}
    names |= {"emb.ln.w": "embeddings.LayerNorm.weight", "emb.ln.b": "embeddings.LayerNorm.bias"}
    for short, name in {**QUANTIZED_NAMES, **PLAIN_NAMES}.items():
        names[f"l0.{short}"] = f"encoder.layer.0.{name}"
    assert loaded.keys() == set(names.values())
    for short, name in names.items():
        assert loaded[name].shape == written[short].shape, name
        np.testing.assert_allclose(loaded[name], written[short], rtol=1e-3, atol=1e-4)


def test_transformers_loads_the_folder_without_a_missing_weight(tmp_path: Path) -> None:
    from transformers import AutoModel, AutoTokenizer

    write_packed(tmp_path / "packed.bin")
    convert(tmp_path / "packed.bin", tmp_path / "model")
    model, loading = AutoModel.from_pretrained(
        tmp_path / "model", add_pooling_layer=False, output_loading_info=True
    )
    assert not any(loading[kind] for kind in ("missing_keys", "unexpected_keys"))
    assert model.config.hidden_size == HIDDEN

    tokenizer = AutoTokenizer.from_pretrained(tmp_path / "model")
    assert tokenizer("ab  返品")["input_ids"] == [0, 5, 6, 4, 7, 2]
    padded = tokenizer(["a", "ab"], padding=True)
    assert padded["input_ids"] == [[0, 5, 2, 1], [0, 5, 6, 2]]
    assert padded["attention_mask"][0] == [1, 1, 1, 0]


def test_four_bit_blocks_mean_what_ggml_means_by_them() -> None:
    scale = np.float16(0.5)
    codes = np.arange(32, dtype=np.uint8) % 16
    block = scale.tobytes() + (codes[:16] | codes[16:] << 4).tobytes()
    values = e5_weights._q4_0(memoryview(b"\0" * 7 + block * 2), 7, (2, 32))
    expected = (codes.astype(np.float32) - 8) * 0.5
    assert values.tolist() == [expected.tolist()] * 2


def test_another_file_is_refused_by_its_first_bytes(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(ValueError, match="E5S1"):
        convert(tmp_path / "model.bin", tmp_path / "model")
    assert not (tmp_path / "model").exists()
