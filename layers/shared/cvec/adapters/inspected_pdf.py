"""A PDF taken apart: no lock, nothing that acts, nothing attached, nothing to repair; then its pages in a new file.

Streams are never decoded, so that none can swell; the two kinds that qpdf must decode to find objects are bounded.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any

from cvec.adapters.watermark import stamp_page
from cvec.domain.documents import MAX_PAGES, Fault, Unfit

if TYPE_CHECKING:
    from pikepdf import Pdf

MOST_OBJECTS = 50_000
MOST_DECODED = 32 * 1024 * 1024
"""Bytes of one stream that holds objects or the table of them."""
_ACTING_KEYS = frozenset(
    ("/AA", "/JS", "/JavaScript", "/XFA", "/EmbeddedFiles", "/EF", "/Collection", "/RichMediaContent")
)
_HARMLESS_ACTIONS = frozenset(("/GoTo", "/Named", "/URI"))
_ACTING_ANNOTATIONS = frozenset(("/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/Screen", "/3D", "/Widget"))


def clean_pdf(content: bytes, stamp: str) -> bytes:
    """The pages in a new file, each stamped; its title, author and dates stay behind. Raises Unfit."""
    import pikepdf

    with _reading(), pikepdf.open(BytesIO(content), suppress_warnings=True) as pdf:
        _check(pdf)
        with pikepdf.new() as copy:
            copy.pages.extend(pdf.pages)
            for page in copy.pages:
                _strip(page)
                stamp_page(copy, page, stamp)
            if pdf.get_warnings():
                raise Unfit(Fault.UNREADABLE)
            return _written(copy)


@contextmanager
def _reading() -> Iterator[None]:
    """Whatever qpdf cannot read, or only by repairing it, is unreadable."""
    from pikepdf import PasswordError, settings

    settings.set_qpdf_limits(flate_max_memory=MOST_DECODED, png_max_memory=MOST_DECODED, tiff_max_memory=MOST_DECODED)
    settings.set_qpdf_limits(run_length_max_memory=MOST_DECODED, doc_max_warnings=1)
    try:
        yield
    except Unfit:
        raise
    except PasswordError:
        raise Unfit(Fault.ENCRYPTED) from None
    except Exception:  # noqa: BLE001 -- however a reader fails on what a stranger sent, the answer is the same
        raise Unfit(Fault.UNREADABLE) from None


def _check(pdf: "Pdf") -> None:
    if pdf.is_encrypted:
        raise Unfit(Fault.ENCRYPTED)
    if len(pdf.objects) > MOST_OBJECTS:
        raise Unfit(Fault.UNREADABLE)
    if _is_active(pdf):
        raise Unfit(Fault.ACTIVE)
    if not len(pdf.pages):
        raise Unfit(Fault.UNREADABLE)
    if len(pdf.pages) > MAX_PAGES:
        raise Unfit(Fault.TOO_MANY_PAGES)


def _is_active(pdf: "Pdf") -> bool:
    """Whether anything in it would act when opened, filled in or clicked, wherever it hides."""
    import pikepdf

    # an empty form is what some writers add to every file
    form = pdf.Root.get("/AcroForm")
    if form is not None and (len(form.get("/Fields", [])) or "/XFA" in form):
        return True
    tops = [one for one in pdf.objects if isinstance(one, pikepdf.Object)]
    return any(_acts(held) for top in tops for held in _dictionaries(top))


def _dictionaries(top: Any) -> Iterator[Any]:
    """The dictionaries written within one object, at any depth. References lead to objects that have their own turn."""
    import pikepdf

    waiting = [top]
    while waiting:
        held = waiting.pop()
        if isinstance(held, pikepdf.Dictionary | pikepdf.Stream):
            yield held
            waiting += [value for _, value in held.items() if _is_within(value)]
        elif isinstance(held, pikepdf.Array):
            waiting += [value for value in held if _is_within(value)]


def _is_within(value: Any) -> bool:
    import pikepdf

    return isinstance(value, pikepdf.Dictionary | pikepdf.Array) and not value.is_indirect


def _acts(held: Any) -> bool:
    import pikepdf

    keys = set(held.keys())
    if keys & _ACTING_KEYS or str(held.get("/Subtype", "")) in _ACTING_ANNOTATIONS:
        return True
    actions = [held.get(key) for key in ("/OpenAction", "/A") if key in keys]
    if any(isinstance(one, pikepdf.Dictionary) and not _is_harmless(one) for one in actions):
        return True
    return str(held.get("/Type", "")) == "/Action" and not _is_harmless(held)


def _is_harmless(action: Any) -> bool:
    """Going to a page or an address, and nothing after it. (Without /S it is no action: tagged text has an /A too.)"""
    return "/S" not in action or (str(action.S) in _HARMLESS_ACTIONS and "/Next" not in action)


def _strip(page: Any) -> None:
    """What is not to be seen on the page, and links: whoever checks a document follows none of its sender's."""
    import pikepdf

    for key in ("/Metadata", "/PieceInfo", "/LastModified", "/Thumb", "/B", "/StructParents"):
        if key in page.obj:
            del page.obj[key]
    if "/Annots" in page.obj:
        page.obj.Annots = pikepdf.Array([one for one in page.obj.Annots if one.get("/Subtype") != pikepdf.Name.Link])


def _written(pdf: "Pdf") -> bytes:
    from pikepdf import ObjectStreamMode, StreamDecodeLevel

    out = BytesIO()
    pdf.save(
        out,
        compress_streams=False,
        stream_decode_level=StreamDecodeLevel.none,
        object_stream_mode=ObjectStreamMode.disable,
        deterministic_id=True,
    )
    return out.getvalue()
