"""The import and what follows, in a process of its own that a test kills.

python killed_import.py BOT SOURCE
"""

from __future__ import annotations

import sys
from pathlib import Path

from builder_fakes import FakeEmbedder
from stage_case import make_context, run_stages

if __name__ == "__main__":
    run_stages(make_context(Path(sys.argv[1]), Path(sys.argv[2])), FakeEmbedder())
