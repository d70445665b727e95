"""Keeps library chatter off the terminal: our own lines say what happens."""

from __future__ import annotations


def quiet_transformers() -> None:
    """No progress bars and load reports from Transformers; its errors are raised, not printed."""
    from transformers.utils import logging

    logging.disable_progress_bar()
    logging.set_verbosity_error()
