"""What a certificate says, and nothing else: who, which year, in order, which Crous, since when.

It has no room for the reason (paid, scholarship, refugee…): the institution that receives the certificate
must not learn it (PROCESS.md §2, step 4).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cvec.domain.certificate_number import CertificateNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateContent:
    """The facts printed on one version of a certificate.

    `academic_year_label` reads "2026 - 2027", `civility` "Madame" or "Monsieur", `crous_name` "Crous de
    Créteil"; `first_names` holds all of them in the register's order; `check_url` is what the QR code holds.
    Raises ValueError when `issued_at` is not in UTC or `version` is below 1.
    """

    number: CertificateNumber
    academic_year_label: str
    civility: str
    birth_name: str
    usage_name: str | None = None
    first_names: str
    birth_date: date
    ine: str
    crous_name: str
    issued_at: datetime
    check_url: str
    service_name: str
    version: int = 1

    def __post_init__(self) -> None:
        if self.issued_at.utcoffset() != timedelta(0):
            raise ValueError("a certificate is issued at a moment in UTC")
        if self.version < 1:
            raise ValueError("the first version of a certificate is 1")
