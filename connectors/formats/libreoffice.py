"""Files of the old Office formats, converted by LibreOffice where that is installed.

It runs on a profile of its own, made for the one file: macros off, links never followed, every
request sent to a proxy that doesn't exist, no trace in the user's own profile.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from connectors.errors import UnreadableFile

_SECONDS = 50
_MACOS = "/Applications/LibreOffice.app/Contents/MacOS/soffice"
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
{items}</oor:items>
"""
_ITEM = """<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse">\
<value>{value}</value></prop></item>
"""
_VALUES = (
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Office.Common/Security/Scripting", "DisableOLEAutomation", "true"),
    ("Office.Common/Save/Document", "CreateBackup", "false"),
    ("Office.Calc/Content/Update", "Link", "1"),  # never, which is 0 in Writer
    ("Office.Writer/Content/Update", "Link", "0"),
    ("Office.Calc/Formula/Load", "OOXMLRecalcMode", "1"),
    ("Inet/Settings", "ooInetProxyType", "2"),
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)


def find_libreoffice() -> str:
    """The path of its program; empty where it isn't installed."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or (_MACOS if sys.platform == "darwin" and Path(_MACOS).exists() else "")


@contextmanager
def converted(path: Path, old: str, suffix: str, reader: str) -> Iterator[Path]:
    """The file of format `old` (`.doc`) in another one (`.docx`), there until the block ends.

    `reader` is LibreOffice's import filter: left to guess, it reads damaged files as text.

    Raises `UnreadableFile`: `unsupported` where LibreOffice is missing, `broken` or `timeout`.
    """
    program = find_libreoffice()
    if not program:
        raise UnreadableFile(
            "unsupported",
            f"Files of type {old} need LibreOffice, which is not installed.",
            remedy=f"Install it, or save the file as {suffix}, and import again.",
        )
    with tempfile.TemporaryDirectory(
        prefix="monoshiri-office-", ignore_cleanup_errors=True
    ) as name:
        folder = Path(name)
        source = folder / f"document{old}"
        shutil.copyfile(path, source)
        _write_profile(folder / "profile")
        _run(program, source, suffix, reader)
        result = folder / "out" / f"document{suffix}"
        if not result.is_file():
            raise UnreadableFile(
                "broken",
                "LibreOffice can't open it.",
                remedy=f"Open it in its program and save it as {suffix}.",
            )
        yield result


def _write_profile(folder: Path) -> None:
    user = folder / "user"
    user.mkdir(parents=True)
    items = "".join(_ITEM.format(path=p, name=n, value=v) for p, n, v in _VALUES)
    text = _SETTINGS.format(items=items)
    (user / "registrymodifications.xcu").write_text(text, encoding="utf-8")


def _run(program: str, source: Path, suffix: str, reader: str) -> None:
    folder = source.parent
    command = [
        program,
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--headless",
        "--norestore",
        "--nolockcheck",
        "--nodefault",
        "--nologo",
        f"--infilter={reader}",
        "--convert-to",
        suffix.lstrip("."),
        "--outdir",
        str(folder / "out"),
        str(source),
    ]
    process = subprocess.Popen(  # noqa: S603 - a fixed program; the file's name is our own
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=_environment(folder),
        start_new_session=True,
    )
    try:
        process.wait(_SECONDS)
    except subprocess.TimeoutExpired as exc:
        raise UnreadableFile(
            "timeout",
            f"LibreOffice took over {_SECONDS} seconds.",
            remedy=f"Open it in its program and save it as {suffix}.",
        ) from exc
    finally:
        _end(process)


def _environment(folder: Path) -> dict[str, str]:
    """No settings of the user's, no display, no secrets: only what a program needs to start."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "SYSTEMROOT") if name in os.environ}
    temporary = {name: str(folder) for name in ("HOME", "TMPDIR", "TEMP", "TMP")}
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), "http://127.0.0.1:9")
    return kept | temporary | proxies


def _end(process: subprocess.Popen[bytes]) -> None:
    """The program starts others: all of its group are ended."""
    with suppress(OSError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
