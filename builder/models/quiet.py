"""Keeps library chatter off the terminal: our own lines say what happens."""

from __future__ import annotations

import logging as standard


def quiet_transformers() -> None:
    """No progress bars and load reports from Transformers; its errors are raised, not printed."""
    import warnings

    from transformers.utils import logging

    # Names that its next version drops: for who writes code, not for who trains a bot.
    warnings.filterwarnings("ignore", category=FutureWarning, module="transformers")
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    # It asks for a kernel of the hub that we don't use: it would repack weights in training.
    standard.getLogger("bitsandbytes").setLevel(standard.ERROR)
