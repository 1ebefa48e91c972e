"""The list of institutions, searched as it is typed; an administrator replaces it without a deployment.

The list is one object of a bucket, read again every five minutes; until there is one, it is the small list that ships
with the code. Versions of the bucket keep the lists before.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from cvec.adapters.faults import translated
from cvec.adapters.institutions_csv import read_institutions, write_institutions
from cvec.domain.communes import fold
from cvec.domain.errors import FieldError, InvalidFields, TryAgain
from cvec.domain.institutions import SHORTEST_SEARCH, CatalogueInstitution
from cvec.ports import Clock

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

SHIPPED = Path(__file__).parents[1] / "data" / "institutions.csv"
KEY = "catalogue/institutions.csv"
KEPT_FOR = timedelta(minutes=5)
MOST = 60  # lines in the longest answer; the department with most head offices, Paris, has 41


class InstitutionList:
    """A list that never changes, its words folded once."""

    def __init__(self, institutions: Iterable[CatalogueInstitution]) -> None:
        self._listed = tuple(sorted(institutions, key=lambda one: (fold(one.name), one.uai)))
        self._keys = [one.search_key for one in self._listed]
        self._by_uai = {one.uai: one for one in self._listed}

    def search(self, text: str = "", department: str | None = None) -> tuple[CatalogueInstitution, ...]:
        """At most MOST institutions of a department, or that have a word beginning like each one typed, or both.

        Those whose name begins with what was typed come first, then by name. Nothing for neither, nor for a text of
        fewer than three letters and digits.
        """
        words = fold(text).split()
        if len("".join(words)) < SHORTEST_SEARCH if text else department is None:
            return ()
        beginnings = [f" {word}" for word in words]
        found = (
            (not key.startswith(f" {' '.join(words)}"), place)
            for place, key in enumerate(self._keys)
            if department in (None, self._listed[place].department) and all(word in key for word in beginnings)
        )
        return tuple(self._listed[place] for _, place in sorted(found)[:MOST])

    def find(self, uai: str) -> CatalogueInstitution | None:
        """The institution of a UAI."""
        return self._by_uai.get(uai)

    def listed(self) -> tuple[CatalogueInstitution, ...]:
        """All of them, by name."""
        return self._listed


@cache
def shipped_list() -> InstitutionList:
    """The list that comes with the code."""
    return sound_list(SHIPPED.read_bytes())


def sound_list(raw: bytes) -> InstitutionList:
    """The list of a file without a bad row. Raises InvalidFields."""
    reading = read_institutions(raw)
    if reading.bad:
        raise InvalidFields(*(FieldError(f"line {one.line}", one.reason) for one in reading.bad))
    return InstitutionList(reading.institutions)


class S3Institutions:
    """The `Institutions` port on one object of a bucket."""

    def __init__(
        self,
        client: "Callable[[], S3Client]",
        *,
        bucket: str,
        clock: Clock,
        on_fault: Callable[[Exception], None],
    ) -> None:
        self._client = client
        self._bucket = bucket
        self._clock = clock
        self._on_fault = on_fault
        self._held: tuple[datetime, InstitutionList] | None = None

    def search(self, text: str = "", department: str | None = None) -> tuple[CatalogueInstitution, ...]:
        """See InstitutionList. Raises TryAgain where no list was ever read and S3 does not answer."""
        return self._current().search(text, department)

    def find(self, uai: str) -> CatalogueInstitution | None:
        """The institution of a UAI. Raises TryAgain as `search` does."""
        return self._current().find(uai)

    def listed(self) -> tuple[CatalogueInstitution, ...]:
        """All of them, by name. Raises TryAgain as `search` does."""
        return self._current().listed()

    def replace(self, institutions: Sequence[CatalogueInstitution]) -> None:
        """Make this the list: here at once, elsewhere within five minutes. Raises InvalidFields for an unsound list."""
        written = write_institutions(institutions)
        sound_list(written)
        with translated():
            self._client().put_object(Bucket=self._bucket, Key=KEY, Body=written, ContentType="text/csv; charset=utf-8")
        self._held = None

    def _current(self) -> InstitutionList:
        now, held = self._clock.now(), self._held
        if held is None or now - held[0] >= KEPT_FOR:
            held = self._held = (now, self._read_again(held[1] if held else None))
        return held[1]

    def _read_again(self, before: InstitutionList | None) -> InstitutionList:
        """The list of the bucket. An outage or a spoilt file leaves the list that was in use."""
        try:
            raw = self._fetched()
            return shipped_list() if raw is None else sound_list(raw)
        except TryAgain:
            if before is None:
                raise
            return before
        except InvalidFields as spoilt:
            self._on_fault(spoilt)
            return before or shipped_list()

    def _fetched(self) -> bytes | None:
        """The object's bytes; None while nobody has put one there (S3 says so only to who may list the bucket)."""
        from botocore.exceptions import ClientError

        try:
            with translated():
                return self._client().get_object(Bucket=self._bucket, Key=KEY)["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchKey":
                raise
            return None
