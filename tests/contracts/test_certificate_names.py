"""Names on the certificate: long ones, foreign ones and hostile ones are printed to the letter, or refused."""

import unicodedata
from dataclasses import replace

import pytest
import typst
from cvec.adapters.certificate_pdf import TypstPrinter, UnprintableCertificate
from cvec.domain.printable import PRINTABLE, unprintable

from tests.support.certificate_page import SEALED_URL, SPECIMEN, lines, opened, rendered

SIXTY_IN_ONE_WORD = "ANDRIANTSIMITOVIAMINANDRIANDRAHANTANIRINARAZAFINDRAKOTOSOAVE"
SIXTY_IN_MANY = "DE LA ROCHEFOUCAULD-MONTMORENCY D'AUBIGNÉ DE SAINT-HILAIRE-X"
MARGIN = 70
"""Points of white each side of the page at least."""


@pytest.fixture(scope="module")
def printer() -> TypstPrinter:
    return TypstPrinter()


def ink_of(pdf: bytes) -> tuple[int, int, int, int]:
    """Return the left, top, right and bottom of everything drawn, in points."""
    ink = rendered(pdf, dots_per_inch=72).convert("L").point(lambda grey: 255 if grey < 250 else 0).getbbox()
    assert ink is not None
    return ink


@pytest.mark.parametrize("name", [SIXTY_IN_ONE_WORD, SIXTY_IN_MANY, "W" * 60])
def test_the_longest_names_stay_on_one_page_and_inside_its_margins(printer: TypstPrinter, name: str) -> None:
    assert len(name) == 60
    content = replace(SPECIMEN, birth_name=name, usage_name=name, first_names=" ".join([SIXTY_IN_MANY] * 3))
    pdf = printer.print(replace(content, check_url=SEALED_URL, service_name="Service " * 12))
    left, top, right, bottom = ink_of(pdf)
    assert min(left, 595 - right) >= MARGIN
    assert min(top, 842 - bottom) >= 40
    assert f"Nom {name}" in " ".join(lines(pdf))
    with opened(pdf) as file:
        assert len(file.pages) == 1


def test_the_file_stays_light_with_every_accent_of_europe(printer: TypstPrinter) -> None:
    accents = " ".join(chr(code) for code in range(0xC0, 0x180))
    assert len(printer.print(replace(SPECIMEN, birth_name=SIXTY_IN_MANY, first_names=accents))) <= 60_000


@pytest.mark.parametrize(
    "name",
    [
        '#read("/etc/passwd")',
        "*b* $x$ _i_",
        "`c` @d <e> // f",
        "#panic() \\ /* */",
        "\"quoted\" 'name'",
        "-- ... ~ ---",
        "= Titre",
        "-",
    ],
)
def test_a_name_is_never_markup(printer: TypstPrinter, name: str) -> None:
    assert f"Nom {name}" in lines(printer.print(replace(SPECIMEN, birth_name=name)))


def test_accents_typed_apart_from_their_letter_are_joined(printer: TypstPrinter) -> None:
    apart = unicodedata.normalize("NFD", SPECIMEN.first_names)
    assert apart != SPECIMEN.first_names
    assert printer.print(replace(SPECIMEN, first_names=apart)) == printer.print(SPECIMEN)


@pytest.mark.parametrize(
    "name",
    ["Nguyễn Thị Ánh", "Şükrü Ğ", "Łukasz Żółć", "Ştefănescu Țepeș", "Adébáyọ̀", "Ελένη", "Дмитрий"],
)
def test_the_names_of_europe_africa_and_vietnam_are_printed(printer: TypstPrinter, name: str) -> None:
    assert unprintable(name) == frozenset()
    assert f"Prénom {name}" in lines(printer.print(replace(SPECIMEN, first_names=name)))


def test_an_accented_letter_the_font_lacks_is_drawn_from_its_pieces(printer: TypstPrinter) -> None:
    assert ord("Ǩ") not in PRINTABLE
    printed = " ".join(lines(printer.print(replace(SPECIMEN, first_names="Ǩoč"))))
    assert "PrénomǨoč" in printed.replace(" ", "")  # poppler sees a gap beside the caron


@pytest.mark.parametrize("char", ["王", "ع", "\u202e", "\u200b", "\u00ad", "\u2028", "\n", "\x00", "😀"])
def test_a_character_without_a_drawing_is_refused_by_name(printer: TypstPrinter, char: str) -> None:
    with pytest.raises(UnprintableCertificate, match=rf"U\+{ord(char):04X}") as refusal:
        printer.print(replace(SPECIMEN, first_names=f"Lee {char}"))
    assert refusal.value.characters == unprintable(f"Lee {char}") == {char}


def test_the_refusal_tells_nothing_else_of_the_person(printer: TypstPrinter) -> None:
    with pytest.raises(UnprintableCertificate) as refusal:
        printer.print(replace(SPECIMEN, first_names="王 Lee"))
    assert str(refusal.value) == "cannot print U+738B"


def test_the_font_draws_every_character_we_call_printable(printer: TypstPrinter) -> None:
    every_character = " ".join(f"o{chr(code)}" for code in sorted(PRINTABLE))
    assert printer.print(replace(SPECIMEN, first_names=every_character)).startswith(b"%PDF-")


@pytest.mark.parametrize("char", ["Ƃ", "Ɋ", "Ѡ", "Ԁ", "ش", "\u030e"])
def test_a_letter_we_call_unprintable_has_no_drawing_in_the_font(
    monkeypatch: pytest.MonkeyPatch, printer: TypstPrinter, char: str
) -> None:
    assert unprintable(char) == {char}
    monkeypatch.setattr("cvec.adapters.certificate_pdf.unprintable", lambda _text: frozenset())
    with pytest.raises(typst.TypstError, match="could not be displayed"):
        printer.print(replace(SPECIMEN, first_names=char))
