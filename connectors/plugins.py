"""Sources and formats that other installed packages bring, found by their entry points.

Only asked where the project's own tables have nothing: no package can replace what is built in.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from connectors.errors import PluginError

SOURCES_GROUP = "monoshiri.sources"
"""Scheme → `module:function` like those of `connectors.sources.SOURCES`."""
FORMATS_GROUP = "monoshiri.formats"
"""Suffix without the dot → `module:function` like those of `connectors.readers.READERS`."""

_log = logging.getLogger(__name__)


@cache
def names(group: str) -> frozenset[str]:
    """What the installed packages offer, in small letters."""
    return frozenset(point.name.lower() for point in entry_points(group=group))


@cache
def load(group: str, name: str) -> Callable[..., Any]:
    """What a package offers under the name.

    Raises PluginError where two packages do, or where theirs can't be loaded."""
    found = [point for point in entry_points(group=group) if point.name.lower() == name]
    packages = sorted({_package(point) for point in found})
    if len(packages) > 1:
        what = f"Several packages offer it ({', '.join(packages)})."
        raise PluginError(what, name, "Uninstall all but one.")
    try:
        function: Callable[..., Any] = found[0].load()
    except Exception as exc:  # anything may happen in another's package
        what = f"The package {packages[0]} can't be loaded ({type(exc).__name__})."
        raise PluginError(what, name, "Repair or uninstall it.") from exc
    _log.info("%s %s: by the package %s", group, name, packages[0])
    return function


def _package(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist else point.value
