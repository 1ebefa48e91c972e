"""The malware scanner: GuardDuty's word in AWS; ClamAV on a laptop that has it; else, plainly, nobody's."""

import shutil
import subprocess
from collections.abc import Callable
from typing import TYPE_CHECKING

from cvec.adapters.faults import translated
from cvec.adapters.intake_s3 import arrival_key
from cvec.domain.documents import Verdict
from cvec.domain.errors import TryAgain
from cvec.ports_documents import Arrival

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_TAG = "GuardDutyMalwareScanStatus"
_SAYS = {"NO_THREATS_FOUND": Verdict.CLEAN}
_CLAM_CLEAN, _CLAM_INFECTED = 0, 1
_CLAM_SECONDS = 60


class GuardDutyScanner:
    """The `Scanner` port on the tag that GuardDuty puts on each object, some time after it came."""

    def __init__(self, client: "Callable[[], S3Client]", *, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def verdict(self, arrival: Arrival, fetch: Callable[[], bytes]) -> Verdict:
        """PENDING until there is a tag. What GuardDuty could not scan (locked, unsupported) counts as infected."""
        del fetch  # GuardDuty has read the object itself
        with translated():
            found = self._client().get_object_tagging(
                Bucket=self._bucket, Key=arrival_key(arrival.place), VersionId=arrival.version
            )
        tags = {one["Key"]: one["Value"] for one in found["TagSet"]}
        return _SAYS.get(tags[_TAG], Verdict.INFECTED) if _TAG in tags else Verdict.PENDING


class LaptopScanner:
    """The `Scanner` port where no GuardDuty is: ClamAV if it is installed with signatures, otherwise nobody looks."""

    def __init__(self, program: str | None = None) -> None:
        self._program = program or shutil.which("clamscan")

    def verdict(self, arrival: Arrival, fetch: Callable[[], bytes]) -> Verdict:
        """What ClamAV says of the bytes; NOT_SCANNED if there is none, or none that can work."""
        del arrival
        if self._program is None:
            return Verdict.NOT_SCANNED
        command = (self._program, "--no-summary", "--stdout", "-")
        try:
            done = subprocess.run(  # noqa: S603 -- the administrator's own scanner, on standard input
                command, input=fetch(), capture_output=True, check=False, timeout=_CLAM_SECONDS
            )
        except subprocess.TimeoutExpired:
            raise TryAgain from None
        # any other status: no signatures, or no memory for them
        said = {_CLAM_CLEAN: Verdict.CLEAN, _CLAM_INFECTED: Verdict.INFECTED}
        return said.get(done.returncode, Verdict.NOT_SCANNED)
