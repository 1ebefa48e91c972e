"""Files that must never be read by anybody, made when they are needed: each with the type it claims, and its fault."""

import random
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile

import pikepdf
from cvec.domain.documents import MAX_BYTES, DocumentType, Fault
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from tests.support.files import image, pdf

PDF, JPEG, PNG = DocumentType.PDF, DocumentType.JPEG, DocumentType.PNG
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-" + b"TEST-FILE!$H+H*"
SCRIPT = b"<script>alert(1)</script>"


class Bad(NamedTuple):
    """One bad file."""

    name: str
    kind: DocumentType
    content: bytes
    fault: Fault


def strangers() -> Iterator[Bad]:
    """Contents of other types, under each of ours."""
    heic = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(200)
    contents = {
        "eicar": EICAR,
        "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        "html": b"<!doctype html>" + SCRIPT,
        "gif": image("GIF", mode="P"),
        "tiff": image("TIFF"),
        "webp": image("WEBP"),
        "bmp": image("BMP"),
        "heic": heic,
        "zip": zipped(b"x"),
        "zip bomb": zipped(bytes(30_000_000)),
        "elf": b"\x7fELF\x02\x01\x01" + bytes(200),
        "exe": b"MZ" + bytes(200),
        "postscript": b"%!PS-Adobe-3.0\n(x) show",
        "shell": b"#!/bin/sh\nrm -rf /",
        "nuls": bytes(1000),
        "noise": noise(7, 5000),
    }
    for number, (name, content) in enumerate(contents.items()):
        yield Bad(name, (PDF, JPEG, PNG)[number % 3], content, Fault.WRONG_TYPE)


def noise(seed: int, size: int) -> bytes:
    return random.Random(seed).randbytes(size)  # noqa: S311 -- the same noise in every run, no secret


def zipped(content: bytes) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        archive.writestr("x", content)
    return out.getvalue()


def disguised() -> Iterator[Bad]:
    """One of our types sent as another, or behind something else."""
    png, jpeg, document = image("PNG"), image("JPEG"), pdf()
    for name, kind, content in (
        ("png as jpeg", JPEG, png),
        ("png as pdf", PDF, png),
        ("jpeg as png", PNG, jpeg),
        ("jpeg as pdf", PDF, jpeg),
        ("pdf as jpeg", JPEG, document),
        ("pdf as png", PNG, document),
        ("pdf behind junk", PDF, b"junk\n" + document),
        ("pdf behind a gif", PDF, b"GIF89a" + document),
        ("pdf behind a jpeg", PDF, jpeg + document),
        ("png behind html", PNG, b"<!--" + png),
        ("pdf behind a byte order mark", PDF, b"\xef\xbb\xbf" + document),
    ):
        yield Bad(name, kind, content, Fault.WRONG_TYPE)


def sizes() -> Iterator[Bad]:
    """Nothing, and too much."""
    for kind, whole in ((PDF, pdf()), (JPEG, image("JPEG")), (PNG, image("PNG"))):
        yield Bad(f"empty {kind.extension}", kind, b"", Fault.EMPTY)
        yield Bad(f"{kind.extension} of 10 MB and a byte", kind, whole.ljust(MAX_BYTES + 1, b"\0"), Fault.TOO_LARGE)


def damaged() -> Iterator[Bad]:
    """Cut, emptied and overwritten."""
    lively = pdf(3, lambda made: made.Root.__setitem__("/X", String("y" * 3000)))
    for kind, whole in ((PDF, lively), (JPEG, image("JPEG", (600, 600))), (PNG, image("PNG", (600, 600)))):
        name = kind.extension
        yield Bad(f"{name} cut in half", kind, whole[: len(whole) // 2], Fault.UNREADABLE)
        yield Bad(f"{name} cut before its end", kind, whole[:-60], Fault.UNREADABLE)
        yield Bad(f"only the beginning of a {name}", kind, whole[:12], Fault.UNREADABLE)
        yield Bad(f"{name} that goes on as noise", kind, whole[:12] + noise(1, 3000), Fault.UNREADABLE)
    yield Bad("eicar behind %PDF-", PDF, b"%PDF-1.4\n" + EICAR, Fault.UNREADABLE)
    yield Bad("html behind %PDF-", PDF, b"%PDF-1.4\n" + SCRIPT, Fault.UNREADABLE)
    yield Bad("html behind a jpeg's first bytes", JPEG, b"\xff\xd8\xff\xe0" + SCRIPT, Fault.UNREADABLE)
    wrong_table = lively.replace(b"startxref\n", b"startxref\n9")
    yield Bad("pdf with a wrong place of its table", PDF, wrong_table, Fault.UNREADABLE)
    yield Bad("pdf without pages", PDF, pdf(0), Fault.UNREADABLE)
    flipped = bytearray(image("PNG", (600, 600)))
    flipped[-30] ^= 0xFF
    yield Bad("png with a wrong checksum", PNG, bytes(flipped), Fault.UNREADABLE)


def bombs() -> Iterator[Bad]:
    """Small to send, huge to open. (Never opened in the process of the tests: see the cell.)"""
    for side in (7_000, 16_000, 60_000):
        yield Bad(f"png of {side} × {side}", PNG, png_of(side, side), Fault.TOO_MANY_PIXELS)
    yield Bad("png of one endless row", PNG, png_of(2_000_000_000, 1), Fault.TOO_MANY_PIXELS)
    yield Bad("pdf whose list of objects swells", PDF, swelling("/ObjStm"), Fault.UNREADABLE)
    yield Bad("pdf whose table swells", PDF, swelling("/XRef"), Fault.UNREADABLE)
    yield Bad("pdf nested too deeply", PDF, nested(200_000), Fault.UNREADABLE)
    yield Bad("png whose words swell", PNG, png_of(8, 8, more=text_chunk(200_000_000)), Fault.UNREADABLE)


def chunk(name: bytes, data: bytes) -> bytes:
    """A part of a PNG."""
    return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")


def png_of(width: int, height: int, more: bytes = b"") -> bytes:
    """A PNG that says it is so large, with hardly anything in it."""
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\x00\x00\x00"
    pixels = chunk(b"IDAT", zlib.compress(bytes(3_000_000), 9))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + more + pixels + chunk(b"IEND", b"")


def text_chunk(size: int) -> bytes:
    return chunk(b"zTXt", b"Comment\0\0" + squeezed(size))


def squeezed(size: int) -> bytes:
    """So many zeros, compressed without ever being there."""
    squeezer, block = zlib.compressobj(9), bytes(1_000_000)
    return b"".join(squeezer.compress(block) for _ in range(size // len(block))) + squeezer.flush()


def swelling(what: str) -> bytes:
    """A PDF in which qpdf must decode a gigabyte to find its objects."""
    data = squeezed(1_000_000_000)
    words = "/N 1 /First 4" if what == "/ObjStm" else "/Size 9 /W [1 2 1] /Root 1 0 R"
    begin = f"4 0 obj\n<< /Type {what} {words} /Filter /FlateDecode /Length {len(data)} >>\nstream\n"
    body = b"%PDF-1.5\n" + begin.encode() + data + b"\nendstream\nendobj\n"
    table = zlib.compress(b"\x00\x00\x00\x00" + b"\x02\x00\x04\x00" * 3 + b"\x01\x00\x09\x00")
    if what == "/XRef":
        return body + b"startxref\n9\n%%EOF"
    start = len(body)
    xref = (
        f"5 0 obj\n<< /Type /XRef /Size 5 /W [1 2 1] /Root 1 0 R /Filter /FlateDecode /Length {len(table)} >>\nstream\n"
    )
    return body + xref.encode() + table + f"\nendstream\nendobj\nstartxref\n{start}\n%%EOF".encode()


def nested(depth: int) -> bytes:
    """A PDF with an array in an array in an array…"""
    whole = pdf(1, lambda made: made.Root.__setitem__("/X", String("here")))
    return whole.replace(b"(here)", b"[" * depth + b"]" * depth)


def locked() -> Iterator[Bad]:
    """Behind a password, or only pretending not to be."""
    for strength in (4, 6):
        with_user = pikepdf.Encryption(user="secret", owner="secret", R=strength)
        yield Bad(f"pdf locked, revision {strength}", PDF, pdf(encryption=with_user), Fault.ENCRYPTED)
    open_to_all = pikepdf.Encryption(user="", owner="secret", R=6)
    yield Bad("pdf locked by its owner alone", PDF, pdf(encryption=open_to_all), Fault.ENCRYPTED)


def active() -> Iterator[Bad]:
    """PDFs that do something."""
    changes: dict[str, Callable[[Pdf], Any]] = {
        "a script on opening": on_opening(S=Name.JavaScript, JS=String("app.alert(1)")),
        "a program on opening": on_opening(S=Name.Launch, F=String("cmd.exe")),
        "a form sent on opening": on_opening(S=Name.SubmitForm, F=String("https://x.example")),
        "another file on opening": on_opening(S=Name.GoToR, F=String("//x.example/y")),
        "a film on opening": on_opening(S=Name.Rendition),
        "a harmless action, then a script": on_opening(S=Name.GoTo, Next=Dictionary(S=Name.JavaScript)),
        "an action when it is closed": in_root("/AA", Dictionary(WC=Dictionary(S=Name.Named))),
        "an action of its page": on_page("/AA", Dictionary(O=Dictionary(S=Name.Named))),
        "a link that runs a script": annotated(Subtype=Name.Link, A=Dictionary(S=Name.JavaScript, JS=String("x"))),
        "a link that launches": annotated(Subtype=Name.Link, A=Dictionary(S=Name.Launch)),
        "a file pinned to its page": annotated(Subtype=Name.FileAttachment),
        "a rich medium": annotated(Subtype=Name.RichMedia),
        "a sound": annotated(Subtype=Name.Sound),
        "a screen": annotated(Subtype=Name.Screen),
        "a drawing in space": annotated(Subtype=Name("/3D")),
        "a field": annotated(Subtype=Name.Widget, FT=Name.Tx),
        "a form": in_root("/AcroForm", Dictionary(Fields=Array([Dictionary(FT=Name.Tx)]))),
        "a form in XML": in_root("/AcroForm", Dictionary(Fields=Array([]), XFA=String("<x/>"))),
        "scripts by name": in_root("/Names", Dictionary(JavaScript=Dictionary(Names=Array([])))),
        "a portfolio": in_root("/Collection", Dictionary(View=Name.D)),
        "a file within": attached,
        "an action nobody points at": hidden_action,
    }
    for name, change in changes.items():
        yield Bad(f"pdf with {name}", PDF, pdf(1, change), Fault.ACTIVE)
    packed = pdf(1, changes["a script on opening"], object_stream_mode=pikepdf.ObjectStreamMode.generate)
    yield Bad("pdf with a packed script", PDF, packed, Fault.ACTIVE)
    yield Bad("pdf of 11 pages", PDF, pdf(11), Fault.TOO_MANY_PAGES)
    yield Bad("pdf of 3,000 pages", PDF, pdf(3000), Fault.TOO_MANY_PAGES)


def on_opening(**action: Any) -> Callable[[Pdf], Any]:
    return in_root("/OpenAction", Dictionary(**action))


def in_root(key: str, value: Any) -> Callable[[Pdf], Any]:
    return lambda made: made.Root.__setitem__(key, value)


def on_page(key: str, value: Any) -> Callable[[Pdf], Any]:
    return lambda made: made.pages[0].obj.__setitem__(key, value)


def annotated(**annotation: Any) -> Callable[[Pdf], Any]:
    return on_page("/Annots", Array([Dictionary(Type=Name.Annot, Rect=Array([0, 0, 9, 9]), **annotation)]))


def attached(made: Pdf) -> None:
    made.attachments["virus.exe"] = EICAR


def hidden_action(made: Pdf) -> None:
    made.Root["/X"] = made.make_indirect(Stream(made, b"", Deep=Dictionary(Type=Name.Action, S=Name.Launch)))


GENTLE = (strangers, disguised, sizes, damaged, locked, active)


def gentle() -> list[Bad]:
    """Those that may be opened in the process of the tests."""
    return [bad for family in GENTLE for bad in family()]
