"""An exported adapter is the adapter: PEFT loads it and it says the same. Nothing else gets out."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from builder.errors import StageMissing, UsageError, WorkspaceError
from builder.export.adapter import MARKER, export_adapter, publish
from builder.export.card import AdapterCard

CARD = AdapterCard(
    bot_name="南商店",
    base_model="example/tiny-llama",
    base_licence="Apache-2.0",
    data_hashes=(("train.jsonl", "ab" * 32),),
)


def make_base():
    """A tiny Llama, the same at every call."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(0)
    return LlamaForCausalLM(
        LlamaConfig(
            vocab_size=64,
            hidden_size=32,
            intermediate_size=48,
            num_hidden_layers=2,
            num_attention_heads=4,
            num_key_value_heads=2,
        )
    ).eval()


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory):
    """(folder of a saved adapter, its logits, the base's logits)."""
    import torch
    from peft import LoraConfig, get_peft_model

    folder = tmp_path_factory.mktemp("adapters") / "v1"
    tokens = torch.arange(10).unsqueeze(0)
    base = make_base()
    with torch.no_grad():
        plain = base(tokens).logits
        model = get_peft_model(base, LoraConfig(r=4, target_modules="all-linear"))
        for name, parameter in model.named_parameters():
            if "lora_B" in name:  # starts at zero: the adapter would change nothing
                parameter.normal_(std=0.2)
        logits = model(tokens).logits
    model.peft_config["default"].base_model_name_or_path = "/home/somebody/.cache/model"
    model.save_pretrained(folder)
    (folder / "tokenizer.json").write_text("{}", encoding="utf-8")
    (folder / "optimizer.pt").write_bytes(b"not for anybody")
    return folder, logits, plain


@pytest.fixture
def adapter(trained, tmp_path: Path) -> Path:
    return Path(shutil.copytree(trained[0], tmp_path / "adapter"))


def test_peft_loads_the_export_and_it_answers_the_same(trained, tmp_path: Path) -> None:
    import torch
    from peft import PeftModel

    folder, logits, plain = trained
    paths = export_adapter(folder, tmp_path / "out", CARD)
    assert sorted(path.name for path in paths) == sorted(
        [
            "README.md",
            "adapter_config.json",
            "adapter_model.safetensors",
            MARKER,
            "tokenizer.json",
        ]
    )
    assert {path.name for path in (tmp_path / "out").iterdir()} == {path.name for path in paths}
    loaded = PeftModel.from_pretrained(make_base(), tmp_path / "out").eval()
    with torch.no_grad():
        again = loaded(torch.arange(10).unsqueeze(0)).logits
    assert torch.allclose(again, logits, atol=1e-6)
    assert not torch.allclose(again, plain, atol=1e-2)


def test_the_export_names_the_base_and_no_folder_of_this_machine(
    adapter: Path, tmp_path: Path
) -> None:
    export_adapter(adapter, tmp_path / "out", CARD)
    config = json.loads((tmp_path / "out" / "adapter_config.json").read_text(encoding="utf-8"))
    assert config["base_model_name_or_path"] == "example/tiny-llama"
    assert config["r"] == 4
    texts = [
        path.read_text(encoding="utf-8")
        for path in (tmp_path / "out").iterdir()
        if path.suffix != ".safetensors"
    ]
    assert not any("somebody" in text for text in texts)
    assert "南商店" in (tmp_path / "out" / "README.md").read_text(encoding="utf-8")


def test_an_earlier_export_is_replaced(adapter: Path, tmp_path: Path) -> None:
    target = tmp_path / "out"
    export_adapter(adapter, target, CARD)
    (adapter / "tokenizer.json").unlink()
    export_adapter(adapter, target, replace(CARD, bot_name="Other"))
    assert not (target / "tokenizer.json").exists()
    assert "Other" in (target / "README.md").read_text(encoding="utf-8")
    assert {path.name for path in tmp_path.iterdir()} <= {"out", adapter.name}


def test_what_a_killed_export_left_goes_with_the_next_one(adapter: Path, tmp_path: Path) -> None:
    script = (
        "import time\nfrom pathlib import Path\nfrom builder.export.adapter import publish\n"
        "def fill(staged):\n    (staged / 'half').write_text('x')\n"
        "    print('half', flush=True)\n    time.sleep(60)\n"
        f"publish(Path({str(adapter)!r}), Path({str(tmp_path / 'to' / 'out')!r}), fill)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    ) as exporting:
        assert exporting.stdout is not None
        assert exporting.stdout.readline() == b"half\n"
        exporting.kill()
    assert len(list((tmp_path / "to").iterdir())) == 1
    export_adapter(adapter, tmp_path / "to" / "out", CARD)
    assert [path.name for path in (tmp_path / "to").iterdir()] == ["out"]


def test_a_replacing_that_was_killed_half_way_is_undone(adapter: Path, tmp_path: Path) -> None:
    target = tmp_path / "out"
    export_adapter(adapter, target, CARD)
    kept = {path.name for path in target.iterdir()}
    target.rename(tmp_path / ".out.before")  # as `_swap` does before the new one takes its place

    def fails(_: Path) -> None:
        raise WorkspaceError("no", "x", "y")

    with pytest.raises(WorkspaceError):
        publish(adapter, target, fails)
    assert {path.name for path in target.iterdir()} == kept
    assert not (tmp_path / ".out.before").exists()


def test_a_folder_of_somebody_else_beside_the_target_stays(adapter: Path, tmp_path: Path) -> None:
    theirs = tmp_path / ".out.before"
    theirs.mkdir()
    (theirs / "precious").write_text("x")
    export_adapter(adapter, tmp_path / "out", CARD)
    with pytest.raises(WorkspaceError):  # there is no place to put the earlier export aside
        export_adapter(adapter, tmp_path / "out", replace(CARD, bot_name="Other"))
    assert (theirs / "precious").read_text() == "x"
    assert (tmp_path / "out" / MARKER).exists()


def test_an_empty_folder_is_filled(adapter: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    assert export_adapter(adapter, tmp_path / "out", CARD)


@pytest.mark.parametrize("strange", ["notes.txt", "README.md", "folder"])
def test_what_somebody_put_there_is_not_lost(adapter: Path, tmp_path: Path, strange: str) -> None:
    target = tmp_path / "out"
    export_adapter(adapter, target, CARD)
    if strange == "folder":
        (target / strange).mkdir()
    else:
        (target / strange).write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match=strange):
        export_adapter(adapter, target, CARD)
    assert (target / strange).exists()


def test_a_strange_folder_and_a_file_are_left_alone(adapter: Path, tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "thesis.doc").write_text("years of work", encoding="utf-8")
    for target in (tmp_path / "theirs", tmp_path / "theirs" / "thesis.doc"):
        with pytest.raises(UsageError):
            export_adapter(adapter, target, CARD)
    (tmp_path / "theirs" / MARKER).write_text('{"files": []}', encoding="utf-8")
    with pytest.raises(UsageError):
        export_adapter(adapter, tmp_path / "theirs", CARD)
    assert (tmp_path / "theirs" / "thesis.doc").read_text(encoding="utf-8") == "years of work"


@pytest.mark.parametrize("target", [".", "inner", ".."])
def test_the_adapter_itself_is_no_target(adapter: Path, target: str) -> None:
    with pytest.raises(UsageError):
        export_adapter(adapter, adapter / target, CARD)
    assert (adapter / "adapter_model.safetensors").exists()


def test_pickled_weights_are_refused(adapter: Path, tmp_path: Path) -> None:
    (adapter / "adapter_model.bin").write_bytes(pickle.dumps({}))
    with pytest.raises(WorkspaceError, match="pickled"):
        export_adapter(adapter, tmp_path / "out", CARD)
    (adapter / "adapter_model.bin").rename(adapter / "adapter_model.safetensors")
    with pytest.raises(WorkspaceError, match="damaged"):
        export_adapter(adapter, tmp_path / "out", CARD)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("content", ["[]", "{}", "not json", "\ufeff{}"])
def test_a_damaged_configuration_is_refused(adapter: Path, tmp_path: Path, content: str) -> None:
    (adapter / "adapter_config.json").write_text(content, encoding="utf-8")
    with pytest.raises(WorkspaceError, match="adapter_config"):
        export_adapter(adapter, tmp_path / "out", CARD)


def test_no_adapter_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(StageMissing, match="monoshiri train"):
        export_adapter(tmp_path / "nothing", tmp_path / "out", CARD)


def test_a_full_disk_leaves_the_earlier_export(
    adapter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import errno

    target = tmp_path / "out"
    export_adapter(adapter, target, CARD)
    before = {path.name: path.read_bytes() for path in target.iterdir()}

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(WorkspaceError, match="disk is full"):
        export_adapter(adapter, target, CARD)
    assert {path.name: path.read_bytes() for path in target.iterdir()} == before
