"""OpenVINO's library, without its telemetry."""

from __future__ import annotations

import sys
from typing import Any


def openvino() -> tuple[Any, Any]:
    """The modules `openvino` and `openvino_genai`.

    The package openvino-telemetry, which comes with them, reports each import to a service for web
    statistics unless the user has declined in a dialog that nobody is shown. OpenVINO goes on
    without it where it can't be imported.
    """
    if "openvino_telemetry" not in sys.modules:
        sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]  # "not importable"
    import openvino
    import openvino_genai

    return openvino, openvino_genai
