"""Documents in S3: a quarantine that browsers write to directly, and clean copies, read by links that live a minute.

A place is written `quarantine/<place>` and `clean/<place>`. Both are versioned, so that what was scanned is what is
inspected; erasing therefore erases every version.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from cvec.adapters.faults import translated
from cvec.domain.documents import DocumentType
from cvec.domain.errors import Stale
from cvec.ports_documents import Arrival, Arrived, UploadForm

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

QUARANTINE, CLEAN = "quarantine/", "clean/"


def arrival_key(place: str) -> str:
    """The key of what comes to a place."""
    return QUARANTINE + place


class S3Intake:
    """The `Intake` port on one bucket. `upload_base` is empty, or where a stand-in takes forms in S3's stead."""

    def __init__(self, client: "Callable[[], S3Client]", *, bucket: str, upload_base: str) -> None:
        self._client = client
        self._bucket = bucket
        self._upload_base = upload_base

    def offer(self, place: str, kind: DocumentType, *, max_bytes: int, seconds: int, then: str | None) -> UploadForm:
        """A presigned POST whose policy fixes the key, the type and the size."""
        fixed = {"Content-Type": str(kind), **({"success_action_redirect": then} if then else {})}
        form = self._client().generate_presigned_post(
            Bucket=self._bucket,
            Key=arrival_key(place),
            Fields=dict(fixed),
            Conditions=[*({name: value} for name, value in fixed.items()), ["content-length-range", 1, max_bytes]],
            ExpiresIn=seconds,
        )
        url = f"{self._upload_base}/{self._bucket}" if self._upload_base else form["url"]
        return UploadForm(url=url, fields=form["fields"])

    def find(self, place: str) -> Arrival | None:
        """What came last. A listing: reading an object that is not scanned yet is forbidden to everybody."""
        for version in self._versions(arrival_key(place)):
            if version["IsLatest"] and "Size" in version:
                return Arrival(place=place, version=version["VersionId"], size=version["Size"])
        return None

    def fetch(self, arrival: Arrival) -> Arrived:
        """The exact version that was found."""
        from botocore.exceptions import ClientError

        try:
            with translated():
                found = self._client().get_object(
                    Bucket=self._bucket, Key=arrival_key(arrival.place), VersionId=arrival.version
                )
                return Arrived(content=found["Body"].read(), type=found["ContentType"])
        except ClientError as error:
            if error.response["Error"]["Code"] in ("NoSuchKey", "NoSuchVersion"):
                raise Stale from None
            raise

    def keep(self, place: str, content: bytes, kind: DocumentType) -> None:
        """Store the clean copy."""
        with translated():
            self._client().put_object(Bucket=self._bucket, Key=CLEAN + place, Body=content, ContentType=str(kind))

    def link(self, place: str, *, filename: str, seconds: int) -> str:
        """An address that downloads the clean copy, never shows it in a page."""
        return self._client().generate_presigned_url(
            "get_object",
            Params={
                "Bucket": self._bucket,
                "Key": CLEAN + place,
                "ResponseContentDisposition": f'attachment; filename="{filename}"',
                "ResponseCacheControl": "no-store",
            },
            ExpiresIn=seconds,
        )

    def erase_arrivals(self, place: str) -> None:
        """Erase every version in quarantine."""
        self._erase(arrival_key(place))

    def erase(self, place: str) -> None:
        """Erase every version, in quarantine and clean."""
        self._erase(arrival_key(place))
        self._erase(CLEAN + place)

    def _erase(self, key: str) -> None:
        for version in list(self._versions(key)):
            with translated():
                self._client().delete_object(Bucket=self._bucket, Key=key, VersionId=version["VersionId"])

    def _versions(self, key: str) -> Iterator[Any]:
        """Every version of exactly this key, marks of deletion among them."""
        with translated():
            pages = self._client().get_paginator("list_object_versions").paginate(Bucket=self._bucket, Prefix=key)
            found: list[Any] = [
                version for page in pages for version in (*page.get("Versions", []), *page.get("DeleteMarkers", []))
            ]
        return (version for version in found if version["Key"] == key)
