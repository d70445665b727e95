"""OpenVINO continues prompts as Transformers does, for many askers at once, each for itself."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
import tiny
from model_fixtures import LIMIT

from builder.errors import ModelUnavailable
from builder.models import openvino_runtime, runtimes
from builder.models.catalog import ModelSource
from builder.models.converted import Wanted
from builder.models.language_model import LanguageModel
from builder.models.openvino_runtime import OpenVinoRuntime
from builder.models.runtimes import open_model

pytest.importorskip("openvino_genai")


def quiet(_: str) -> None: ...


@pytest.fixture(scope="module")
def runtime(openvino: OpenVinoRuntime) -> OpenVinoRuntime:
    return openvino


@pytest.fixture(scope="module")
def folder(runtime: OpenVinoRuntime) -> Path:
    return runtime.folder


def test_who_is_answered_first_keeps_nobody_waiting(
    runtime: OpenVinoRuntime, prompts: list[list[int]]
) -> None:
    long = runtime.stream(prompts[1], 2000)
    next(long)
    ended = threading.Event()

    def read_on() -> None:
        list(long)
        ended.set()

    reader = threading.Thread(target=read_on)
    reader.start()
    assert runtime.complete([prompts[0]], 5)[0].tokens == 5
    assert not ended.is_set()
    reader.join()


def test_a_reader_who_leaves_stops_the_work(
    runtime: OpenVinoRuntime, prompts: list[list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[Any] = []
    step = OpenVinoRuntime._go_on
    monkeypatch.setattr(
        OpenVinoRuntime, "_go_on", lambda self, pipeline: (steps.append(1), step(self, pipeline))
    )
    stream = runtime.stream(prompts[1], 3000)
    next(stream)
    stream.close()
    assert runtime.complete([prompts[0]], 3)[0].tokens == 3  # and the room is free again
    assert len(steps) < 20
    assert not runtime._pipeline.has_non_finished_requests()


def test_after_it_was_closed_it_loads_the_model_again(
    runtime: OpenVinoRuntime, prompts: list[list[int]]
) -> None:
    said = runtime.complete(prompts, 5)
    runtime.close()
    assert runtime.complete(prompts, 5) == said


def test_a_fault_in_an_answer_is_an_error_for_its_reader_and_the_next_one_is_answered(
    runtime: OpenVinoRuntime, prompts: list[list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken:
        def add_request(self, *asked: Any) -> Any:
            return pipeline.add_request(*asked)

        def step(self) -> None:
            raise RuntimeError("somewhere.cpp:1:\nno memory")

    pipeline = runtime._pipeline
    monkeypatch.setattr(runtime, "_pipeline", Broken())
    with pytest.raises(ModelUnavailable, match="no memory"):
        runtime.complete(prompts[:1], 5)
    assert runtime.complete(prompts[:1], 5)


def test_an_answer_without_memory_is_an_error_and_no_silence(
    folder: Path, plain: LanguageModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openvino_runtime, "BLOCK", 100_000)  # so that it gets nine blocks of 32
    small = OpenVinoRuntime(plain.tokenizer, folder, LIMIT, threads=1)
    with pytest.raises(ModelUnavailable, match="no memory left"):
        small.complete([[1] * 400], 5)
    assert small.complete([[1] * 40], 5)


def test_a_folder_without_a_model_is_named(tmp_path: Path, plain: LanguageModel) -> None:
    with pytest.raises(ModelUnavailable, match="can't load") as failure:
        OpenVinoRuntime(plain.tokenizer, tmp_path, LIMIT)
    assert failure.value.item == str(tmp_path)


def test_it_is_chosen_by_itself_and_the_model_is_made_once(
    tiny_source: ModelSource, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONOSHIRI_CACHE", str(tmp_path))
    said: list[str] = []
    first = open_model(tiny_source, "cpu", None, "auto", said.append)
    again = open_model(tiny_source, "cpu", None, "openvino", said.append)
    assert isinstance(first, OpenVinoRuntime) and isinstance(again, OpenVinoRuntime)
    assert first.folder == again.folder and len(said) == 1
    assert [entry.name for entry in (tmp_path / "openvino").iterdir()] == [first.folder.name]


def test_each_adapter_has_its_own_and_an_older_one_of_it_goes(
    tiny_source: ModelSource, tmp_path: Path
) -> None:
    adapters = [tmp_path / "v1", tmp_path / "v2"]
    said = []
    for seed, adapter in enumerate(adapters):
        tiny.save_adapter(adapter, tiny_source, seed)
        (adapter / "openvino-0123").mkdir()
        model = open_model(tiny_source, "cpu", adapter, "openvino", quiet)
        said.append(model.complete([[1, 2, 3]], 20)[0].text)
        assert [entry.name for entry in adapter.glob("openvino-*")] != ["openvino-0123"]
        assert len(list(adapter.glob("openvino-*"))) == 1
    assert said[0] != said[1]


def test_an_answer_ends_at_the_end_mark(
    runtime: OpenVinoRuntime, plain: LanguageModel, prompts: list[list[int]]
) -> None:
    ids = [token for fresh in runtime._tokens(prompts[0], 40) for token in fresh]
    usual = plain.tokenizer.eos_token
    plain.tokenizer.eos_token = plain.tokenizer.convert_ids_to_tokens(ids[5])
    try:
        early = runtime.complete(prompts[:1], 40)[0]
    finally:
        plain.tokenizer.eos_token = usual
    assert len(ids) == 40
    assert early.tokens == ids.index(ids[5]) + 1


def test_a_folder_that_can_not_be_written_leaves_it_to_transformers(
    tiny_source: ModelSource, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("MONOSHIRI_CACHE", str(tmp_path / "file"))
    said: list[str] = []
    assert isinstance(open_model(tiny_source, "cpu", None, "auto", said.append), LanguageModel)
    assert "Transformers answers in its place" in said[-1]
    with pytest.raises(ModelUnavailable, match="openvino can't be used"):
        open_model(tiny_source, "cpu", None, "openvino", quiet)


def test_what_is_made_of_an_adapter_is_as_secret_as_the_adapter(
    tiny_source: ModelSource, tmp_path: Path
) -> None:
    tiny.save_adapter(tmp_path, tiny_source, 1)
    made = open_model(tiny_source, "cpu", tmp_path, "openvino", quiet)
    assert isinstance(made, OpenVinoRuntime)
    assert made.folder.stat().st_mode & 0o077 == 0


def test_a_larger_model_reads_less_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "model.bin").write_bytes(b"0" * 1000)
    assert openvino_runtime._step(tmp_path) == 256
    monkeypatch.setattr(openvino_runtime, "STEP_BYTES", 500)
    assert openvino_runtime._step(tmp_path) == 128
    monkeypatch.setattr(openvino_runtime, "STEP_BYTES", 1)
    assert openvino_runtime._step(tmp_path) == 32


def test_where_openvino_fails_transformers_answers_and_it_is_said(
    tiny_source: ModelSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: Wanted) -> Path:
        raise ModelUnavailable("OpenVINO can't read the model.")

    monkeypatch.setattr(runtimes, "openvino_folder", fails)
    said: list[str] = []
    assert isinstance(open_model(tiny_source, "cpu", None, "auto", said.append), LanguageModel)
    assert "can't read the model" in said[0] and "Transformers" in said[0]
    with pytest.raises(ModelUnavailable):
        open_model(tiny_source, "cpu", None, "openvino", quiet)


def test_it_tells_nobody_that_it_is_used(folder: Path) -> None:
    """In a process of its own: here another test may have loaded the library."""
    script = (
        "import sys\nseen = []\n"
        "sys.addaudithook(lambda event, _: event.startswith('socket.') and seen.append(event))\n"
        "from pathlib import Path\nfrom builder.models.openvino_runtime import OpenVinoRuntime\n"
        f"OpenVinoRuntime(None, Path({str(folder)!r}), 100, threads=1)\n"
        "print([name for name in sys.modules if name.startswith('openvino_telemetry.')], seen)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[] []"
