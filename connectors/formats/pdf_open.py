"""A PDF opened by PDFium, with the owner's passwords where it is protected."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.errors import UnreadableFile

if TYPE_CHECKING:
    import pypdfium2

_PASSWORD_ERROR = 4  # FPDF_ERR_PASSWORD


def open_pdf(path: Path, passwords: Sequence[str]) -> tuple[pypdfium2.PdfDocument, str | None]:
    """The document, and the password that opened it (None: it needs none).

    Raises `UnreadableFile`: `encrypted` or `broken`.
    """
    import pypdfium2

    for password in (None, *passwords):
        try:
            return pypdfium2.PdfDocument(path, password=password), password
        except pypdfium2.PdfiumError as exc:
            if getattr(exc, "err_code", None) != _PASSWORD_ERROR:
                raise UnreadableFile(
                    "broken", "It is damaged or no PDF.", remedy="Export it again from its source."
                ) from exc
    tried = " that none of the given passwords opens" if passwords else ""
    raise UnreadableFile(
        "encrypted",
        f"It is protected by a password{tried}.",
        remedy="Put the password into the environment variable that sources.pdf_password_env "
        "names (several: one a line), or save a copy without it.",
    )
