"""Why an address could not be fetched."""

from __future__ import annotations


class FetchFailed(Exception):
    """`reason` is a Rejection's; `is_temporary` where the page may well still be there."""

    def __init__(self, reason: str, message: str, is_temporary: bool = False) -> None:
        self.reason = reason
        self.message = message
        self.is_temporary = is_temporary
        super().__init__(message)


def refused(message: str) -> FetchFailed:
    """For an address that is not to be asked."""
    return FetchFailed("refused-address", message)
