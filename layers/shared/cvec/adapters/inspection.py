"""What a document is made of: accepted only if it is wholly what it says, and copied so that every byte is ours.

Content is recognised by its first bytes, never by a name. Images are decoded and drawn again; a PDF's pages are taken
into a new file, its streams never decoded. `adapters/cell.py` runs this where it can harm nothing.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING

from cvec.adapters.inspected_pdf import clean_pdf
from cvec.adapters.watermark import stamp_image, stamp_text
from cvec.domain.documents import MAX_BYTES, MAX_PIXELS, DocumentType, Fault, Unfit

if TYPE_CHECKING:
    from PIL.Image import Image

LONGEST_SIDE = 3000
"""Pixels kept of an image: an A4 page at 250 dots per inch."""
_MAGIC = {DocumentType.PDF: b"%PDF-", DocumentType.JPEG: b"\xff\xd8\xff", DocumentType.PNG: b"\x89PNG\r\n\x1a\n"}
_PILLOW_NAMES = {DocumentType.JPEG: "JPEG", DocumentType.PNG: "PNG"}


def clean_copy(content: bytes, kind: DocumentType, on: date) -> bytes:
    """The copy of a document sent as this type, marked with the day. Raises Unfit with what is wrong."""
    if not content:
        raise Unfit(Fault.EMPTY)
    if len(content) > MAX_BYTES:
        raise Unfit(Fault.TOO_LARGE)
    if not content.startswith(_MAGIC[kind]):
        raise Unfit(Fault.WRONG_TYPE)
    copy: Callable[[bytes, str], bytes] = clean_pdf if kind is DocumentType.PDF else clean_image
    return copy(content, stamp_text(on))


def clean_image(content: bytes, stamp: str) -> bytes:
    """The image drawn again, upright, without anything that is not a pixel. Raises Unfit."""
    from PIL import Image, ImageOps

    kind = DocumentType.PNG if content.startswith(_MAGIC[DocumentType.PNG]) else DocumentType.JPEG
    with _decoding(), Image.open(BytesIO(content), formats=[_PILLOW_NAMES[kind]]) as image:
        _check_size(image)
        with Image.open(BytesIO(content), formats=[_PILLOW_NAMES[kind]]) as checked:
            checked.verify()
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        image.load()
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        return _written(stamp_image(_on_white(upright), stamp), kind)


@contextmanager
def _decoding() -> Iterator[None]:
    """What a decoder stumbles over is unreadable; what it refuses to begin has too many pixels."""
    from PIL.Image import DecompressionBombError, DecompressionBombWarning

    try:
        yield
    except Unfit:
        raise
    except (DecompressionBombError, DecompressionBombWarning):
        raise Unfit(Fault.TOO_MANY_PIXELS) from None
    except Exception:  # noqa: BLE001 -- however a decoder fails on what a stranger sent, the answer is the same
        raise Unfit(Fault.UNREADABLE) from None


def _check_size(image: "Image") -> None:
    if image.width * image.height > MAX_PIXELS:
        raise Unfit(Fault.TOO_MANY_PIXELS)


def _on_white(image: "Image") -> "Image":
    """Plain colours: what was transparent shows white, as on paper."""
    from PIL import Image

    if not image.has_transparency_data:
        return image.convert("RGB")
    seen = image.convert("RGBA")
    paper = Image.new("RGB", seen.size, "white")
    paper.paste(seen, mask=seen.getchannel("A"))
    return paper


def _written(image: "Image", kind: DocumentType) -> bytes:
    out = BytesIO()
    image.info.clear()
    if kind is DocumentType.JPEG:
        image.save(out, "JPEG", quality=85)
    else:
        image.save(out, "PNG")
    return out.getvalue()
