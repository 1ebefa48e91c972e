"""Good files, made when they are needed."""

import warnings
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pikepdf
from PIL import Image


def image(kind: str, size: tuple[int, int] = (160, 120), mode: str = "RGB", **options: Any) -> bytes:
    """An image of one colour."""
    out = BytesIO()
    Image.new(mode, size, 200 if len(mode) == 1 else (200, 220, 240, 128)[: len(mode)]).save(out, kind, **options)
    return out.getvalue()


def pdf(pages: int = 1, change: Callable[[pikepdf.Pdf], Any] | None = None, **options: Any) -> bytes:
    """A PDF of blank pages, changed."""
    out = BytesIO()
    with warnings.catch_warnings(), pikepdf.new() as made:
        warnings.simplefilter("ignore", pikepdf.PageCopyWarning)
        for _ in range(pages):
            made.add_blank_page(page_size=(595, 842))
        if change:
            change(made)
        made.save(out, **options)
    return out.getvalue()
