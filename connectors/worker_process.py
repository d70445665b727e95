"""Starting and ending one worker process: its environment, its temporary folder, its children."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress

import psutil

from connectors.attachments import PROGRESS
from connectors.scratch import Scratch

_PASSED_ON = frozenset(
    (
        *("PATH", "HOME", "LANG", "LANGUAGE", "TZ", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"),
        *("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR", "FONTCONFIG_PATH"),
        *("TESSDATA_PREFIX", "OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "PYTHONHASHSEED"),
        *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"),
        *("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"),
        *("SYSTEMROOT", "WINDIR", "COMSPEC", "PATHEXT", "USERPROFILE", "APPDATA", "LOCALAPPDATA"),
        *("PROGRAMFILES", "PROGRAMDATA", "NUMBER_OF_PROCESSORS", "MONOSHIRI_CACHE"),
    )
)
"""What a worker gets of the environment, in any case; the rest may be secrets, and what reads a
stranger's file may be taken over by it. An item names what else it needs (`Item.environment`)."""


class WorkerProcess:
    """A running worker. It leads a group of its own, so that what it starts ends with it."""

    def __init__(self, command: list[str]) -> None:
        self._scratch = Scratch("worker")
        environment = worker_environment() | dict.fromkeys(
            ("TMPDIR", "TEMP", "TMP"), str(self._scratch.path)
        )
        self._progress = self._scratch.path / "reading"
        environment[PROGRESS] = str(self._progress)
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # what a library complains of may quote content
            env=environment,
            start_new_session=True,
        )
        if self._process.stdin is None or self._process.stdout is None:
            raise OSError("no pipes")
        self.stdin = self._process.stdin
        self.stdout = self._process.stdout

    def reading(self) -> str:
        """The file inside the item that it reads now; empty where it reads the item itself."""
        try:
            return self._progress.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return ""

    def kill(self) -> None:
        """End it and everything that it started."""
        if self._process.returncode is not None:
            return  # its number may be another process's by now
        started = _descendants(self._process.pid)  # some may lead groups of their own
        if sys.platform == "win32":
            self._process.kill()
        else:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        for process in started:
            with suppress(psutil.Error):
                process.kill()

    def end(self) -> None:
        """Kill, wait, close the pipes, remove what it left on disk."""
        self.kill()
        self._process.wait()
        for pipe in (self.stdin, self.stdout):
            try:
                pipe.close()
            except BrokenPipeError:
                continue
        self._scratch.close()


def _descendants(number: int) -> list[psutil.Process]:
    """What the process started and what that started, as far as it is still its child."""
    try:
        found: list[psutil.Process] = psutil.Process(number).children(recursive=True)
    except psutil.Error:
        return []
    return found


def worker_environment() -> dict[str, str]:
    """The environment without what a reader has no need to know."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name.upper() in _PASSED_ON or name.startswith("LC_")
    }
    return kept | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
