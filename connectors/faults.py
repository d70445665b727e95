"""What goes wrong while something is read → its Rejection, with nothing of its content."""

from __future__ import annotations

from connectors.errors import UnreadableFile
from connectors.records import Rejection


def fault(source: str, error: Exception) -> Rejection:
    """The Rejection for whatever was raised while `source` was read."""
    if isinstance(error, UnreadableFile):
        return Rejection(source, error.reason, f"{error.what} {error.remedy}".strip())
    if isinstance(error, MemoryError):
        return Rejection(source, "too-large", "It needs too much memory. Split it.")
    if isinstance(error, OSError) and error.strerror:
        return unreadable(source, error)
    # a library met something it wasn't made for; its message may quote content
    kind = type(error).__name__
    message = f"It can't be read ({kind}). Open it, save it again, import that."
    return Rejection(source, "broken", message)


def unreadable(source: str, error: OSError) -> Rejection:
    """The Rejection for a file or folder that the system doesn't let us read."""
    cause = error.strerror or type(error).__name__
    return Rejection(source, "unreadable", f"{cause}. Check its permissions and import again.")
