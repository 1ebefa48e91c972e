"""Documents in S3: kept once under their name, fetched by addresses that serve for a minute."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from cvec.adapters.faults import translated

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_ALREADY_THERE = ("PreconditionFailed", "ConditionalRequestConflict", "412", "409")


class S3Shelf:
    """The `Shelf` port on one bucket."""

    def __init__(self, client: "Callable[[], S3Client]", *, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def keep(self, name: str, document: bytes) -> None:
        """Store a document under a name, unless it is there already: a second printing is the same document."""
        from botocore.exceptions import ClientError

        try:
            with translated():
                self._client().put_object(
                    Bucket=self._bucket, Key=name, Body=document, ContentType="application/pdf", IfNoneMatch="*"
                )
        except ClientError as error:
            if error.response["Error"]["Code"] not in _ALREADY_THERE:
                raise

    def link(self, name: str, *, filename: str, seconds: int) -> str:
        """An address that downloads the document, as a file of this name, for so many seconds."""
        return self._client().generate_presigned_url(
            "get_object",
            Params={
                "Bucket": self._bucket,
                "Key": name,
                "ResponseContentDisposition": f'attachment; filename="{filename}"',
                "ResponseContentType": "application/pdf",
            },
            ExpiresIn=seconds,
        )
