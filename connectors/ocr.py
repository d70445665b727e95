"""Text from pictures of text, by the program `tesseract` where the machine has it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

PROGRAM = "tesseract"
INSTALL = "Install tesseract-ocr and tesseract-ocr-jpn"
"""Debian's names; others call them alike."""
_SECONDS = 60.0  # for one picture
_LANGUAGES = ("jpn", "eng")
_VERTICAL = "jpn_vert"
_SURE = 65.0  # per cent: below this mean, vertical text is tried too
_READABLE = 45.0  # per cent: below this mean, it is a picture of something else
_WORD = 20.0  # per cent: words less sure than this are specks
_EAST_ASIAN = "\u2e80"
_WORD_LEVEL = "5"  # in tesseract's table


@dataclass(frozen=True, slots=True)
class Recognised:
    """What was read from one picture."""

    text: str
    confidence: float
    """Mean of the words' confidence, in per cent."""


NOTHING = Recognised("", 0.0)


def is_installed() -> bool:
    """Whether the program is there, without starting it."""
    return shutil.which(PROGRAM) is not None


def is_available() -> bool:
    """Whether the program and a language that it can read are there."""
    return bool(_languages())


def recognise(picture: bytes, seconds: float = _SECONDS) -> Recognised:
    """The text in a picture file (PNG, JPEG, TIFF, PNM, …), line by line; nothing where there is
    no text to be seen, or where reading it takes longer than `seconds`."""
    known = _languages()
    level = "+".join(name for name in _LANGUAGES if name in known) or "eng"
    best = _run(picture, ("-l", level, "--psm", "3"), seconds)
    if best.confidence < _SURE and _VERTICAL in known:
        vertical = _run(picture, ("-l", _VERTICAL, "--psm", "5"), seconds)
        best = max(best, vertical, key=lambda found: found.confidence)
    return best if best.confidence >= _READABLE else NOTHING


@cache
def _languages() -> frozenset[str]:
    if shutil.which(PROGRAM) is None:
        return frozenset()
    try:
        run = subprocess.run(  # noqa: S603 - no shell, no word of it from outside
            [shutil.which(PROGRAM) or PROGRAM, "--list-langs"],
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return frozenset()
    names = frozenset(run.stdout.decode("utf-8", "replace").split("\n")[1:])
    return names & {*_LANGUAGES, _VERTICAL}


def _run(picture: bytes, options: tuple[str, ...], seconds: float) -> Recognised:
    command = [shutil.which(PROGRAM) or PROGRAM, "stdin", "stdout", "--dpi", "300", *options, "tsv"]
    try:
        run = subprocess.run(  # noqa: S603 - no shell, no word of it from outside
            command,
            input=picture,
            capture_output=True,
            timeout=seconds,
            check=False,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},  # one file a core
            preexec_fn=_dies_with_parent(),
        )
    except (OSError, subprocess.TimeoutExpired):
        return NOTHING
    return _parsed(run.stdout.decode("utf-8", "replace")) if run.returncode == 0 else NOTHING


def _dies_with_parent() -> Callable[[], object] | None:
    """What makes the program end when this process is killed, where the system can do that."""
    if sys.platform != "linux":
        return None
    import ctypes
    import signal

    prctl = ctypes.CDLL(None).prctl
    set_death_signal = 1  # PR_SET_PDEATHSIG
    return lambda: prctl(set_death_signal, signal.SIGKILL)


def _parsed(table: str) -> Recognised:
    """The words of tesseract's table as lines, with a blank line between its paragraphs."""
    text = ""
    last: tuple[str, ...] = ()
    weights: list[tuple[float, int]] = []
    for row in table.split("\n")[1:]:
        cells = row.split("\t")
        if len(cells) < 12 or cells[0] != _WORD_LEVEL or not cells[11].strip():
            continue
        word, confidence, place = cells[11].strip(), float(cells[10]), tuple(cells[1:5])
        weights.append((confidence, len(word)))
        if confidence < _WORD:
            continue
        if last and place[:3] != last[:3]:
            text += "\n\n"
        elif last and place != last:
            text += "\n"
        elif text and not (text[-1] >= _EAST_ASIAN or word[0] >= _EAST_ASIAN):
            text += " "
        text, last = text + word, place
    letters = sum(length for _, length in weights)
    mean = sum(sure * length for sure, length in weights) / letters if letters else 0.0
    return Recognised(text, mean)
