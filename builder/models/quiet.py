"""Keeps library chatter off the terminal: our own lines say what happens."""

from __future__ import annotations

import logging


def quiet_transformers() -> None:
    """No progress bars and load reports from Transformers; its errors are raised, not printed."""
    import warnings

    from transformers.utils import logging as transformers_logging

    # Names that its next version drops: for who writes code, not for who trains a bot.
    warnings.filterwarnings("ignore", category=FutureWarning, module="transformers")
    transformers_logging.disable_progress_bar()
    transformers_logging.set_verbosity_error()
    # It asks for a kernel of the hub that we don't use: it would repack weights in training.
    logging.getLogger("bitsandbytes").setLevel(logging.ERROR)
