"""What is burnt into every copy: whom it was made for and when, so that a stolen one serves nobody else."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cvec.texts import FRENCH, day_text

if TYPE_CHECKING:
    from pikepdf import Page, Pdf
    from PIL.Image import Image

_FONT = Path(__file__).parents[1] / "data" / "fonts" / "SourceSans3-Semibold.otf"
_ANGLE, _SHADE = 30, 70
"""Degrees; and how dark of 255, so that what is below stays readable."""


def stamp_text(on: date) -> str:
    """The words.

    >>> stamp_text(date(2026, 7, 1))
    'Copie pour la CVEC, 1 juillet 2026'
    """
    return f"Copie pour la CVEC, {day_text(on, FRENCH)}"


def stamp_image(image: "Image", words: str) -> "Image":
    """The image with the words across all of it, so that no useful part can be cut out without them."""
    mask = _slanted(words, max(12, min(image.size) // 24))
    for top in range(-mask.height // 2, image.height, max(1, mask.height)):
        for left in range(-mask.width // 4, image.width, max(1, mask.width)):
            image.paste((90, 0, 0), (left, top), mask)
    return image


def _slanted(words: str, size: int) -> "Image":
    """The words as a mask, turned."""
    from PIL import Image, ImageDraw, ImageFont

    font = ImageFont.truetype(str(_FONT), size)
    left, top, right, bottom = font.getbbox(words)
    line = Image.new("L", (int(right - left) + size, int(bottom - top) + size), 0)
    ImageDraw.Draw(line).text((size // 2 - left, size // 2 - top), words, font=font, fill=_SHADE)
    return line.rotate(_ANGLE, expand=True)


def stamp_page(pdf: "Pdf", page: "Page", words: str) -> None:
    """Put the words over a page of a PDF, as a layer that draws nothing else."""
    from pikepdf import Rectangle

    left, bottom, right, top = (float(edge) for edge in page.trimbox)
    layer = _layer(pdf, words, width=abs(right - left), height=abs(top - bottom))
    page.add_overlay(layer, Rectangle(min(left, right), min(bottom, top), max(left, right), max(bottom, top)))


def _layer(pdf: "Pdf", words: str, *, width: float, height: float) -> Any:
    """A drawing of the page's size with the words on it, in a font that every reader has."""
    from pikepdf import Array, Dictionary, Name, Stream

    font = Dictionary(
        Type=Name.Font, Subtype=Name.Type1, BaseFont=Name("/Helvetica-Bold"), Encoding=Name.WinAnsiEncoding
    )
    layer = Stream(pdf, _drawing(words, width=width, height=height))
    layer.Type, layer.Subtype = Name.XObject, Name.Form
    layer.BBox = Array([0, 0, width, height])
    layer.Resources = Dictionary(
        Font=Dictionary(F=font), ExtGState=Dictionary(G=Dictionary(Type=Name.ExtGState, ca=_SHADE / 255))
    )
    return pdf.make_indirect(layer)


@cache
def _drawing(words: str, *, width: float, height: float) -> bytes:
    """The operators that write the words in rows, slanted."""
    size = max(4.0, min(width, height) / 24)
    said = words.encode("cp1252", "replace").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    rows = [
        b"1 0 0 1 0 0 cm BT /F %.2f Tf 0.866 0.5 -0.5 0.866 %.2f %.2f Tm (%s) Tj ET\n" % (size, left, bottom, said)
        for bottom in _steps(height, height / 6)
        for left in _steps(width, width * 0.55)
    ]
    return b"q /G gs 0.35 0 0 rg\n" + b"".join(rows) + b"Q"


def _steps(length: float, step: float) -> list[float]:
    return [step * number for number in range(int(length / step) + 1)] if step > 0 else []
