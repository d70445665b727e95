"""Errors of the builder. All carry what happened, to which item, and what to do next.

- MonoshiriError (connectors.errors)
  - UsageError            wrong call or configuration (exit status 2)
    - ConfigError         bot.toml: every fault of the file in one error
  - WorkspaceError        the bot's folder is missing, locked, damaged or full
  - StageMissing          a stage needs what an earlier one makes
  - ModelUnavailable      a model or embedder can't be had
  - StoreUnavailable      the server with the vectors can't be reached, or refuses
  - TrainingFailed        training stopped; the last good state is kept
"""

from __future__ import annotations

from connectors.errors import MonoshiriError


class UsageError(MonoshiriError):
    """The command or its configuration is wrong; nothing was done."""

    exit_status = 2


class ConfigError(UsageError):
    """bot.toml has faults; the message lists all of them."""


class WorkspaceError(MonoshiriError):
    """The bot's folder is missing, in use by another run, damaged, or out of space."""


class StageMissing(MonoshiriError):
    """What an earlier stage makes is not there yet."""


class ModelUnavailable(MonoshiriError):
    """A language model or embedder can't be loaded."""


class StoreUnavailable(MonoshiriError):
    """The server that keeps the vectors can't be reached, or refuses."""


class TrainingFailed(MonoshiriError):
    """Training stopped before its end; the last good state was kept."""
