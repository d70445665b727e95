"""Keeps library chatter off the terminal: our own lines say what happens."""

from __future__ import annotations


def quiet_transformers() -> None:
    """No progress bars and load reports from Transformers; its errors are raised, not printed."""
    import warnings

    from transformers.utils import logging

    # Names that its next version drops: for who writes code, not for who trains a bot.
    warnings.filterwarnings("ignore", category=FutureWarning, module="transformers")
    logging.disable_progress_bar()
    logging.set_verbosity_error()
