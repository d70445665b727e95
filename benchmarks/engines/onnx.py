"""The merged model in ONNX Runtime GenAI, converted by its own builder."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Generator, Sequence

from benchmarks.engines.engine import NotHereError, TokenEngine, Tuned, require


def open_float32(tuned: Tuned) -> TokenEngine:
    """In 32 bits."""
    return _open(tuned, "fp32")


def open_int8(tuned: Tuned) -> TokenEngine:
    """Weights in 8 bits by blocks of 32, and what goes into the products too."""
    return _open(tuned, "int8")


def _open(tuned: Tuned, numbers: str) -> TokenEngine:
    require("onnxruntime_genai")
    require("onnx_ir")
    folder = tuned.scratch / f"onnx-{numbers}"
    _convert(tuned, numbers, folder)
    import onnxruntime_genai as genai

    config = genai.Config(str(folder))
    session = {"session_options": {"intra_op_num_threads": tuned.threads}}
    config.overlay(json.dumps({"model": {"decoder": session}}))
    model = genai.Model(config)
    turn = threading.Lock()  # one after the other: it makes no common batches

    def tokens(prompt: Sequence[int], max_tokens: int) -> Generator[int]:
        """Greedily, one at a time; others wait until this answer ends."""
        settings = genai.GeneratorParams(model)
        settings.set_search_options(max_length=len(prompt) + max_tokens, do_sample=False)
        with turn:
            writer = genai.Generator(model, settings)
            writer.append_tokens(list(prompt))
            while not writer.is_done():
                writer.generate_next_token()
                token = int(writer.get_next_tokens()[0])
                if token != tokenizer.eos_token_id:
                    yield token

    tokenizer = tuned.tokenizer()
    return TokenEngine(tokenizer, tokens)


def _convert(tuned: Tuned, numbers: str, folder: object) -> None:
    command = [sys.executable, "-m", "onnxruntime_genai.models.builder", "-e", "cpu"]
    command += ["-i", str(tuned.merged), "-o", str(folder), "-p", numbers]
    command += ["-c", str(tuned.scratch / "onnx-cache")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        last = done.stderr.strip().splitlines()[-1:] or [f"status {done.returncode}"]
        raise NotHereError(f"its builder fails: {last[0][:120]}")
