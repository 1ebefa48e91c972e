"""A corpus of bad files: none gets through, each is answered with its fault; and good files of each kind survive."""

import subprocess
import sys
from datetime import date
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from cvec.adapters import cell
from cvec.adapters.cell import CellInspector
from cvec.adapters.inspection import LONGEST_SIDE, clean_copy
from cvec.domain.documents import MAX_BYTES, DocumentType, Fault, Unfit
from PIL import Image

from tests.support.bad_files import EICAR, JPEG, PDF, PNG, SCRIPT, Bad, bombs, gentle, squeezed, zipped
from tests.support.files import image, pdf

DAY = date(2026, 7, 1)
GENTLE, BOMBS = gentle(), list(bombs())
MEMORY_MB = 500


def fault_of(bad: Bad) -> Fault:
    with pytest.raises(Unfit) as unfit:
        clean_copy(bad.content, bad.kind, DAY)
    return unfit.value.fault


def test_the_corpus_is_as_large_as_promised() -> None:
    names = [bad.name for bad in (*GENTLE, *BOMBS)]
    assert len(names) == len(set(names)) >= 60


@pytest.mark.parametrize("bad", GENTLE, ids=lambda bad: bad.name)
def test_a_bad_file_is_refused_with_its_fault(bad: Bad) -> None:
    assert fault_of(bad) is bad.fault


@pytest.mark.parametrize("bad", BOMBS, ids=lambda bad: bad.name)
def test_a_bomb_bursts_in_its_cell_and_bothers_nobody(bad: Bad, monkeypatch: pytest.MonkeyPatch) -> None:
    """A third of the function's memory is enough, and less time than its call may take."""
    assert len(bad.content) < MAX_BYTES
    smaller = f"from cvec.adapters import cell; cell.MOST_MEMORY = {MEMORY_MB} * 10**6; cell.inspect()"
    monkeypatch.setattr(cell, "_ENTRY", f"import sys; sys.path[:] = sys.argv[1:]; {smaller}")
    with pytest.raises(Unfit) as unfit:
        CellInspector().clean(bad.content, bad.kind, DAY)
    assert unfit.value.fault is bad.fault


def test_an_inspection_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cell, "MOST_SECONDS", -4)  # and one of the clock
    monkeypatch.setattr(cell, "_ENTRY", "while True: pass")
    with pytest.raises(Unfit, match="unreadable"):
        CellInspector().clean(b"", PNG, DAY)


def test_a_broken_inspector_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cell, "_ENTRY", "import os; os.abort()")
    with pytest.raises(Unfit, match="unreadable"):
        CellInspector().clean(image("PNG"), PNG, DAY)


def test_the_cell_holds_no_credentials_and_writes_no_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    probe = "import os, sys; sys.exit(0 if not any('AWS' in name for name in os.environ) else 1)"
    monkeypatch.setattr(cell, "_ENTRY", probe)
    assert CellInspector().clean(b"", PNG, DAY) == b""
    writing = "import os, sys; sys.path[:] = sys.argv[2:]; from cvec.adapters.cell import _shut_in; _shut_in(); "
    writing += "os.write(os.open(sys.argv[1], os.O_CREAT | os.O_WRONLY), b'x')"
    command = [sys.executable, "-c", writing, str(tmp_path / "x"), *sys.path]
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 -- our own words
    assert b"File too large" in done.stderr


@pytest.mark.parametrize("content", [image("PNG"), image("JPEG"), pdf()], ids=["png", "jpeg", "pdf"])
def test_the_cell_gives_back_a_copy(content: bytes) -> None:
    kind = next(one for one in (PNG, JPEG, PDF) if content.startswith({PNG: b"\x89P", JPEG: b"\xff", PDF: b"%P"}[one]))
    copy = CellInspector().clean(content, kind, DAY)
    assert copy[:4] == content[:4]
    assert copy != content


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_a_good_jpeg_survives(mode: str) -> None:
    copy = Image.open(BytesIO(clean_copy(image("JPEG", mode=mode), JPEG, DAY)))
    assert (copy.format, copy.size, copy.mode) == ("JPEG", (160, 120), "RGB")


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1"])
def test_a_good_png_survives(mode: str) -> None:
    copy = Image.open(BytesIO(clean_copy(image("PNG", mode=mode), PNG, DAY)))
    assert (copy.format, copy.size, copy.mode) == ("PNG", (160, 120), "RGB")


def test_a_good_pdf_of_ten_pages_survives() -> None:
    with pikepdf.open(BytesIO(clean_copy(pdf(10), PDF, DAY))) as copy:
        assert len(copy.pages) == 10


def test_a_large_photo_is_made_smaller_and_no_further() -> None:
    copy = Image.open(BytesIO(clean_copy(image("JPEG", (4200, 2100)), JPEG, DAY)))
    assert max(copy.size) == LONGEST_SIDE


def test_ten_megabytes_to_the_byte_are_taken() -> None:
    whole = image("JPEG")
    assert clean_copy(whole.ljust(MAX_BYTES, b"\0"), JPEG, DAY)


def test_where_and_with_what_a_photo_was_taken_is_dropped() -> None:
    exif = Image.Exif()
    exif[0x010F] = "CameraMaker"
    exif.get_ifd(0x8825)[1] = "N"
    copy = clean_copy(image("JPEG", exif=exif, comment=b"Secret words", icc_profile=b"profile-bytes"), JPEG, DAY)
    assert not Image.open(BytesIO(copy)).getexif()
    for word in (b"CameraMaker", b"Secret words", b"profile-bytes", b"Exif"):
        assert word not in copy


def test_a_photo_is_turned_upright_before_the_word_of_how_to_is_dropped() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert Image.open(BytesIO(clean_copy(image("JPEG", exif=exif), JPEG, DAY))).size == (120, 160)


@pytest.mark.parametrize("tail", [zipped(EICAR), SCRIPT, EICAR, pdf()], ids=["zip", "script", "eicar", "pdf"])
@pytest.mark.parametrize(("kind", "whole"), [(JPEG, image("JPEG")), (PNG, image("PNG"))], ids=["jpeg", "png"])
def test_what_hangs_behind_an_image_is_left_behind(kind: DocumentType, whole: bytes, tail: bytes) -> None:
    assert tail[:20] not in clean_copy(whole + tail, kind, DAY)


def test_who_wrote_a_pdf_is_left_behind() -> None:
    def signed(made: pikepdf.Pdf) -> None:
        made.docinfo["/Author"] = "Marie Dupont"
        with made.open_metadata() as metadata:
            metadata["dc:creator"] = ["Marie Dupont"]

    assert b"Dupont" in pdf(1, signed)
    assert b"Dupont" not in clean_copy(pdf(1, signed), PDF, DAY)


def test_links_of_a_pdf_are_left_behind_and_other_notes_stay() -> None:
    def linked(made: pikepdf.Pdf) -> None:
        uri = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("https://x.example"))
        link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, A=uri)
        made.pages[0].obj["/Annots"] = pikepdf.Array([link, pikepdf.Dictionary(Subtype=pikepdf.Name.Stamp)])

    with pikepdf.open(BytesIO(clean_copy(pdf(1, linked), PDF, DAY))) as copy:
        assert [str(one.Subtype) for one in copy.pages[0].obj.Annots] == ["/Stamp"]


def test_the_streams_of_a_pdf_are_copied_as_they_are() -> None:
    """A page that holds a picture of 300 MB, were it decoded, passes at once."""
    data = squeezed(300_000_000)

    def heavy(made: pikepdf.Pdf) -> None:
        picture = pikepdf.Stream(made, data, Filter=pikepdf.Name.FlateDecode)
        made.pages[0].obj["/Resources"] = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=picture))

    assert data in clean_copy(pdf(1, heavy, compress_streams=False), PDF, DAY)


@pytest.mark.parametrize(("kind", "content"), [(JPEG, image("JPEG", (900, 700))), (PNG, image("PNG", (900, 700)))])
def test_the_mark_is_burnt_into_every_part_of_an_image(kind: DocumentType, content: bytes) -> None:
    copy = Image.open(BytesIO(clean_copy(content, kind, DAY))).convert("L")
    for left in range(0, 900, 300):
        for top in range(0, 690, 230):
            shades = copy.crop((left, top, left + 300, top + 230)).histogram()
            used = [shade for shade, count in enumerate(shades) if count]
            assert used[-1] - used[0] > 20, f"nothing is written at {left}, {top}"


def test_the_mark_is_written_on_every_page() -> None:
    with pikepdf.open(BytesIO(clean_copy(pdf(3), PDF, DAY))) as copy:
        for page in copy.pages:
            drawn = b"".join(form.read_bytes() for form in page.obj.Resources.XObject.values())
            assert b"(Copie pour la CVEC, 1 juillet 2026) Tj" in drawn
