"""llama.cpp continues prompts as Transformers does, for many askers at once, each for itself."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import psutil
import pytest
from model_fixtures import LIMIT

from builder.errors import ModelUnavailable
from builder.models import llama_runtime, runtimes
from builder.models.catalog import ModelSource
from builder.models.gguf_writer import reason_not_written
from builder.models.language_model import LanguageModel
from builder.models.llama_runtime import LlamaRuntime
from builder.models.runtimes import open_model

pytest.importorskip("xllamacpp")


@pytest.fixture(scope="module")
def runtime(llama: LlamaRuntime) -> LlamaRuntime:
    return llama


def test_a_reader_who_leaves_stops_the_work(
    runtime: LlamaRuntime, prompts: list[list[int]]
) -> None:
    before = _written(runtime)
    stream = runtime.stream(prompts[1], 3000)
    next(stream)
    stream.close()
    assert runtime.complete([prompts[0]], 3)  # and the room is free again
    assert _written(runtime) - before < 1500


def _written(runtime: LlamaRuntime) -> float:
    lines = runtime._process()._client.get("/metrics").text.splitlines()
    values = [line.split() for line in lines if line.startswith("llamacpp:n_decode_total")]
    return float(values[0][1])


def test_a_process_that_died_is_started_again(
    runtime: LlamaRuntime, prompts: list[list[int]]
) -> None:
    said = runtime.complete(prompts[:1], 5)
    process = runtime._process()._process
    process.kill()
    process.wait()
    assert runtime.complete(prompts[:1], 5) == said


def test_a_killed_owner_leaves_no_process_and_its_folder_goes_with_the_next_start(
    runtime: LlamaRuntime, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = (
        "from pathlib import Path\nfrom builder.models.llama_runtime import LlamaRuntime\n"
        f"runtime = LlamaRuntime(None, Path({str(runtime.model)!r}), {LIMIT}, threads=1)\n"
        "print(runtime._process()._process.pid, flush=True)\ninput()\n"
    )
    with tempfile.TemporaryDirectory() as temporary:  # short, as a socket's path has to be
        monkeypatch.setattr(tempfile, "tempdir", temporary)
        with subprocess.Popen(
            [sys.executable, "-c", script],
            env=os.environ | {"TMPDIR": temporary, "PYTHONPATH": os.pathsep.join(sys.path)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as owner:
            assert owner.stdout is not None
            model = psutil.Process(int(owner.stdout.readline()))
            owner.kill()
        model.wait(30)
        (left,) = Path(temporary).iterdir()
        assert left.name.startswith("monoshiri-llama-")
        again = LlamaRuntime(runtime.tokenizer, runtime.model, LIMIT, threads=1)
        assert again.complete([[1, 2]], 2)
        assert not left.exists()
        again.close()
        assert not list(Path(temporary).iterdir())


def test_a_process_that_dies_in_an_answer_is_an_error_for_its_reader(
    runtime: LlamaRuntime, prompts: list[list[int]]
) -> None:
    stream = runtime.stream(prompts[1], 3000)
    next(stream)
    runtime._process()._process.kill()
    with pytest.raises(ModelUnavailable, match="runtime"):
        list(stream)
    assert runtime.complete(prompts[:1], 5)


def test_a_process_that_died_unseen_costs_nobody_an_answer(
    runtime: LlamaRuntime, prompts: list[list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed, it breaks off its sockets before it counts as gone."""
    before = runtime.complete(prompts, 5)
    dying = runtime._process()
    monkeypatch.setattr(dying, "alive", lambda: dying._process.returncode is None)
    dying._process.kill()
    assert runtime.complete(prompts, 5) == before
    assert runtime._process() is not dying


def test_a_process_that_dies_again_is_told(
    runtime: LlamaRuntime, prompts: list[list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = llama_runtime._Running.begin

    def killed(self: llama_runtime._Running, body: dict[str, Any]) -> Any:
        self._process.kill()
        return begun(self, body)

    monkeypatch.setattr(llama_runtime._Running, "begin", killed)
    with pytest.raises(ModelUnavailable, match="does not answer"):
        runtime.complete(prompts[:1], 5)


def test_only_the_holder_of_the_key_is_answered(runtime: LlamaRuntime) -> None:
    import httpx

    told = runtime._process()._client
    body = {"prompt": [1, 2], "n_predict": 1}
    with httpx.Client(base_url=told.base_url, transport=told._transport) as stranger:
        assert stranger.post("/completion", json=body).status_code == 401
        assert told.post("/completion", json=body).status_code == 200


def test_a_file_that_is_no_model_is_named(tmp_path: Path, plain: LanguageModel) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF nonsense")
    with pytest.raises(ModelUnavailable, match="can't load") as failure:
        LlamaRuntime(plain.tokenizer, broken, LIMIT).complete([[1]], 2)
    assert failure.value.item == "broken.gguf"


def test_the_converted_model_is_made_once(
    tiny_source: ModelSource, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONOSHIRI_CACHE", str(tmp_path))
    said: list[str] = []
    first = open_model(tiny_source, "cpu", None, "llama.cpp", said.append)
    again = open_model(tiny_source, "cpu", None, "llama.cpp", said.append)
    assert isinstance(first, LlamaRuntime) and isinstance(again, LlamaRuntime)
    assert first.model == again.model and len(said) == 1
    assert [file.name for file in (tmp_path / "llama").iterdir()] == [first.model.name]


def test_transformers_answers_unless_llama_cpp_is_asked_for(
    tiny_source: ModelSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    def quiet(_: str) -> None: ...

    assert isinstance(open_model(tiny_source, "cpu", None, "transformers", quiet), LanguageModel)
    monkeypatch.setattr(runtimes.importlib.util, "find_spec", lambda _: None)
    assert isinstance(open_model(tiny_source, "cpu", None, "auto", quiet), LanguageModel)
    with pytest.raises(ModelUnavailable, match="not installed"):
        open_model(tiny_source, "cpu", None, "llama.cpp", quiet)


def test_models_that_llama_cpp_would_compute_otherwise_are_not_written(
    plain: LanguageModel,
) -> None:
    config: Any = type(plain.model.config)(**plain.model.config.to_dict())
    assert reason_not_written(config) == ""
    config.rope_parameters = {"rope_type": "llama3", "rope_theta": 10000.0}
    assert "llama3" in reason_not_written(config)
    config.model_type = "gemma3"
    assert "gemma3" in reason_not_written(config)


def test_secrets_of_the_environment_stay_out_of_the_process() -> None:
    assert not {name for name in llama_runtime.PASSED_ON if "KEY" in name or "TOKEN" in name}
