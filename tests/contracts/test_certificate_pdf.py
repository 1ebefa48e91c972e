"""The certificate's page and file, read back with other people's tools."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pikepdf
import pytest
from cvec.adapters.certificate_pdf import TypstPrinter

from tests.support.certificate_page import SEALED_URL, SPECIMEN, dictionaries, lines, opened, scanned

LINES_OF_THE_GUIDE = [
    "Contribution à la Vie Étudiante et de Campus",
    "Année universitaire 2026 - 2027",
    "ATTESTATION",
    "N° de l’attestation CRE6 DTGBLX 79",
    "Civilité Monsieur",
    "Nom N'DIAYE",
    "Prénom François",
    "Né(e) le 23 mai 1998",
    "N° INE 1409002949V",
    "est en règle au regard de la Contribution à la Vie Étudiante et de Campus",
    "Rattachée au Crous de Créteil",
    "Émise le 22 juin 2026 à 11:32",
]
MOTIVES = ["pay", "bours", "exon", "réfug", "asile", "ukrain", "acquit", "gratuit", "€"]


@pytest.fixture(scope="module")
def printer() -> TypstPrinter:
    return TypstPrinter()


@pytest.fixture(scope="module")
def specimen(printer: TypstPrinter) -> bytes:
    return printer.print(SPECIMEN)


@pytest.fixture
def file(specimen: bytes) -> Iterator[pikepdf.Pdf]:
    with opened(specimen) as pdf:
        yield pdf


def test_the_page_holds_the_lines_of_the_guide_in_their_order(specimen: bytes) -> None:
    assert lines(specimen)[: len(LINES_OF_THE_GUIDE)] == LINES_OF_THE_GUIDE


def test_a_name_in_use_is_printed_under_the_surname(printer: TypstPrinter) -> None:
    printed = lines(printer.print(replace(SPECIMEN, usage_name="Lefèvre")))
    assert printed[5:8] == ["Nom N'DIAYE", "Nom d’usage Lefèvre", "Prénom François"]


def test_the_page_tells_an_institution_how_to_check_it(specimen: bytes) -> None:
    text = " ".join(lines(specimen)[len(LINES_OF_THE_GUIDE) :])
    assert "vérifier cette attestation" in text
    assert "cvec.example/fr/verifier/CRE6DTGBLX79" in text
    assert "le début du nom : « NDIAY »." in text


def test_the_foot_names_the_service_and_the_version(printer: TypstPrinter) -> None:
    foot = lines(printer.print(replace(SPECIMEN, version=2)))[-1]
    assert foot == "Service de démonstration CRE6 DTGBLX 79 – version 2"


@pytest.mark.parametrize("motive", MOTIVES)
def test_the_page_never_says_why_the_student_is_in_order(specimen: bytes, motive: str) -> None:
    assert motive not in " ".join(lines(specimen)).lower()


@pytest.mark.parametrize(
    ("issued_at", "line"),
    [
        (datetime(2026, 1, 31, 22, 59, tzinfo=UTC), "Émise le 31 janvier 2026 à 23:59"),
        (datetime(2026, 1, 31, 23, 0, tzinfo=UTC), "Émise le 1er février 2026 à 00:00"),
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "Émise le 29 mars 2026 à 01:59"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "Émise le 29 mars 2026 à 03:00"),
        (datetime(2026, 7, 31, 21, 59, tzinfo=UTC), "Émise le 31 juillet 2026 à 23:59"),
        (datetime(2026, 10, 25, 1, 0, tzinfo=UTC), "Émise le 25 octobre 2026 à 02:00"),
    ],
)
def test_the_hour_is_that_of_paris_summer_and_winter(printer: TypstPrinter, issued_at: datetime, line: str) -> None:
    assert line in lines(printer.print(replace(SPECIMEN, issued_at=issued_at)))


def test_a_first_of_the_month_is_written_as_french_has_it(printer: TypstPrinter) -> None:
    printed = lines(printer.print(replace(SPECIMEN, birth_date=date(2001, 8, 1))))
    assert "Né(e) le 1er août 2001" in printed


def test_the_page_is_one_a4_in_portrait(file: pikepdf.Pdf) -> None:
    (page,) = file.pages
    assert [round(float(side)) for side in page.mediabox] == [0, 0, 595, 842]
    assert page.get("/Rotate", 0) == 0


def test_every_font_is_embedded(file: pikepdf.Pdf) -> None:
    fonts = [found for found in dictionaries(file) if "/FontName" in found]
    assert {str(font.FontName).split("+")[1] for font in fonts} == {"SourceSans3-Regular", "SourceSans3-Semibold"}
    assert all("/FontFile3" in font for font in fonts)


def test_the_page_is_tagged_french_and_titled(file: pikepdf.Pdf) -> None:
    tags = [str(found.S) for found in dictionaries(file) if found.get("/Type") == "/StructElem"]
    assert [tags.count(tag) for tag in ("/H1", "/H2", "/Figure", "/Link")] == [1, 1, 1, 1]
    assert bool(file.Root.MarkInfo.Marked)
    assert str(file.Root.Lang) == "fr-FR"
    assert bool(file.Root.ViewerPreferences.DisplayDocTitle)


def test_the_code_has_words_for_who_cannot_see_it(file: pikepdf.Pdf) -> None:
    (figure,) = (found for found in dictionaries(file) if found.get("/S") == "/Figure")
    assert str(figure.Alt).endswith("vérification en ligne de l’attestation CRE6 DTGBLX 79")


def test_the_file_claims_to_be_archivable_and_accessible(file: pikepdf.Pdf) -> None:
    metadata = file.open_metadata()
    assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
    assert metadata["pdfuaid:part"] == "1"
    assert metadata["dc:title"] == "Attestation CVEC 2026 - 2027"
    assert "/OutputIntents" in file.Root


def test_the_file_is_sound_and_runs_nothing(file: pikepdf.Pdf) -> None:
    actions = [str(annotation.A.S) for annotation in file.pages[0].get("/Annots", [])]
    assert actions == ["/URI"]
    assert not {"/OpenAction", "/AA", "/AcroForm"} & set(file.Root.keys())
    assert file.check_pdf_syntax() == []


def test_the_file_ends_so_that_a_signature_can_follow(specimen: bytes) -> None:
    assert specimen.endswith(b"%%EOF\n")


@pytest.mark.parametrize("check_url", [SPECIMEN.check_url, SEALED_URL])
@pytest.mark.parametrize("dots_per_inch", [100, 150])
def test_the_printed_code_leads_to_the_check(printer: TypstPrinter, check_url: str, dots_per_inch: int) -> None:
    pdf = printer.print(replace(SPECIMEN, check_url=check_url))
    assert scanned(pdf, dots_per_inch=dots_per_inch) == [check_url]


def test_what_follows_the_path_of_the_check_is_in_the_code_only(printer: TypstPrinter) -> None:
    printed = lines(printer.print(replace(SPECIMEN, check_url=SEALED_URL)))
    assert "cvec.example/v" in printed
    assert "A2B3C4D5" not in " ".join(printed)


def test_equal_contents_give_equal_bytes_from_any_printer(specimen: bytes) -> None:
    assert TypstPrinter().print(replace(SPECIMEN)) == specimen


def test_the_version_changes_the_file(printer: TypstPrinter, specimen: bytes) -> None:
    assert printer.print(replace(SPECIMEN, version=2)) != specimen


def test_a_moment_without_its_zone_is_no_moment_of_issue() -> None:
    with pytest.raises(ValueError, match="UTC"):
        replace(SPECIMEN, issued_at=datetime(2026, 6, 22, 9, 32))  # noqa: DTZ001 (its absence is the point)


def test_versions_count_from_one() -> None:
    with pytest.raises(ValueError, match="version"):
        replace(SPECIMEN, version=0)
