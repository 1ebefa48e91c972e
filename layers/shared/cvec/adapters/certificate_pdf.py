"""Print a certificate as one tagged A4 page, archivable (PDF/A-3a) and accessible (PDF/UA-1).

Equal contents give equal bytes: nothing is read from the clock, from chance or from the machine's fonts.
typst, segno and Babel are imported when the first page is printed: doors which print nothing pay nothing.
"""

import io
import json
import unicodedata
from datetime import date
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cvec.domain.certificate_content import CertificateContent
from cvec.domain.certificate_number import surname_key
from cvec.domain.printable import unprintable

if TYPE_CHECKING:
    from typst import Compiler

_HERE = Path(__file__).resolve().parent.parent
_TEMPLATE = _HERE / "templates" / "certificate.typ"
_FONTS = _HERE / "data" / "fonts"

# Trying the eight masks, as segno does by default, would add a third to the cost of a page; scanners read them all.
_QR_MASK = 3


class UnprintableCertificate(ValueError):
    """Some characters of the content have no drawing in the certificate's font: see domain.printable.

    `characters` holds them; the message names only their code points, which say nothing of the person.
    """

    def __init__(self, characters: frozenset[str]) -> None:
        self.characters = characters
        super().__init__("cannot print " + ", ".join(f"U+{ord(char):04X}" for char in sorted(characters)))


class TypstPrinter:
    """The printer of certificates. One per process: it keeps its fonts and its parsed template.

    Typst's compiler serves one caller at a time, and on a laptop several functions share a process.
    """

    def __init__(self) -> None:
        self._printing = Lock()

    def print(self, content: CertificateContent) -> bytes:
        """Return the PDF of one version of a certificate.

        Raises UnprintableCertificate when the content holds a character the font cannot draw.
        """
        fields = _printed_fields(content)
        _refuse_unprintable(fields)
        fields |= {"qr_svg": _qr_svg(content.check_url), "check_url": content.check_url}
        with self._printing:
            pdf = self._compiler.compile(
                format="pdf",
                sys_inputs={"certificate": json.dumps(fields)},
                pdf_standards=["a-3a", "ua-1"],
                timestamp=content.issued_at.replace(microsecond=0),
            )
        if not isinstance(pdf, bytes):
            raise TypeError("a PDF is one file")
        return pdf + b"\n"  # an incremental update (a signature) must begin on a line of its own: PDF/A 6.1.9

    @cached_property
    def _compiler(self) -> "Compiler":
        """Typst reading this template and these fonts only, confined to the template's folder."""
        import typst

        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(_FONTS)])
        return typst.Compiler(str(_TEMPLATE), root=str(_TEMPLATE.parent), font_paths=fonts, ignore_system_fonts=True)


def _printed_fields(content: CertificateContent) -> dict[str, str | None]:
    """Return what the template prints, in French, accents joined to their letters."""
    number = str(content.number)
    fields = {
        "title": f"Attestation CVEC {content.academic_year_label}",
        "number": number,
        "academic_year_label": content.academic_year_label,
        "civility": content.civility,
        "birth_name": content.birth_name,
        "usage_name": content.usage_name,
        "first_names": content.first_names,
        "birth_date": _french_day(content.birth_date),
        "ine": content.ine,
        "crous_name": content.crous_name,
        "issued_at": _french_moment(content),
        "check_address": _address_to_type(content.check_url),
        "surname_key": surname_key(content.birth_name),
        "qr_alt": f"Code QR qui ouvre la vérification en ligne de l’attestation {number}",
        "service_name": content.service_name,
        "version": str(content.version),
    }
    return {name: value and unicodedata.normalize("NFC", value) for name, value in fields.items()}


def _refuse_unprintable(fields: dict[str, str | None]) -> None:
    """Raise UnprintableCertificate before typst meets a character it cannot draw."""
    missing = unprintable("".join(value for value in fields.values() if value))
    if missing:
        raise UnprintableCertificate(missing)


def _french_day(day: date) -> str:
    """Return "23 mai 1998", and "1er mai 1998" for the first of the month, as French has it."""
    from babel.dates import format_date

    written = format_date(day, "d MMMM y", locale="fr")
    return written.replace("1 ", "1er ", 1) if day.day == 1 else written


def _french_moment(content: CertificateContent) -> str:
    """Return "22 juin 2026 à 11:32", the hour being that of Paris."""
    from zoneinfo import ZoneInfo

    local = content.issued_at.astimezone(ZoneInfo("Europe/Paris"))
    return f"{_french_day(local.date())} à {local:%H:%M}"


def _address_to_type(url: str) -> str:
    """Return what a person can type of the address, host and path: a seal in its fragment stays in the code."""
    parts = urlsplit(url)
    return f"{parts.netloc}{parts.path}"


def _qr_svg(url: str) -> str:
    """Return the QR code of an address as SVG, with the quiet zone scanners need."""
    import segno

    svg = io.BytesIO()
    segno.make(url, error="m", micro=False, mask=_QR_MASK).save(svg, kind="svg", xmldecl=False, light=None)
    return svg.getvalue().decode()
