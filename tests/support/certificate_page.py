"""The specimen certificate, and the tools other people read it with: poppler, qpdf, a scanner of QR codes."""

import io
import subprocess
from datetime import UTC, date, datetime
from typing import Literal
from unicodedata import normalize

import pikepdf
import zxingcpp
from cvec.domain.certificate_content import CertificateContent
from cvec.domain.certificate_number import CertificateNumber
from PIL import Image

SPECIMEN = CertificateContent(
    number=CertificateNumber.draw("CRE", 2026, "DTGBLX"),
    academic_year_label="2026 - 2027",
    civility="Monsieur",
    birth_name="N'DIAYE",
    first_names="François",
    birth_date=date(1998, 5, 23),
    ine="1409002949V",
    crous_name="Crous de Créteil",
    issued_at=datetime(2026, 6, 22, 9, 32, tzinfo=UTC),
    check_url="https://cvec.example/fr/verifier/CRE6DTGBLX79",
    service_name="Service de démonstration",
)
SEALED_URL = "https://cvec.example/v#" + "A2B3C4D5" * 26
"""A check address of the longest kind: a signed seal in its fragment."""


def lines(pdf: bytes) -> list[str]:
    """Return the lines of the page as a reader sees them, without the blank between columns."""
    text = normalize("NFC", _poppler("pdftotext", "-layout", "-", "-", pdf=pdf).decode())
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def rendered(pdf: bytes, *, dots_per_inch: int) -> Image.Image:
    """Return the page as a printer would lay it on paper."""
    return Image.open(io.BytesIO(_poppler("pdftoppm", "-png", "-r", str(dots_per_inch), "-", pdf=pdf)))


def scanned(pdf: bytes, *, dots_per_inch: int) -> list[str]:
    """Return what the codes of the page say to a camera."""
    return [code.text for code in zxingcpp.read_barcodes(rendered(pdf, dots_per_inch=dots_per_inch))]


def opened(pdf: bytes) -> pikepdf.Pdf:
    """Return the file for a look inside."""
    return pikepdf.open(io.BytesIO(pdf))


def dictionaries(pdf: pikepdf.Pdf) -> list[pikepdf.Dictionary]:
    """Return every dictionary of the file: fonts, tags, actions."""
    return [found for found in pdf.objects if isinstance(found, pikepdf.Dictionary)]


def _poppler(tool: Literal["pdftotext", "pdftoppm"], *options: str, pdf: bytes) -> bytes:
    """Run a tool of poppler, found on the PATH, over our own bytes."""
    command = [tool, *options]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout  # noqa: S603 (see above)
