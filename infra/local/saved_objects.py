"""What is worth keeping of S3: every version of every object, deletions included, in order.

What an object holds never changes, so each version is one file, written once; the JSON says which belongs where.
"""

import hashlib
from pathlib import Path
from typing import Any

from moto.s3.models import FakeDeleteMarker, s3_backends

from infra.local.files import replace
from infra.local.place import Json, Place

PARTITION = "aws"
"""S3 has one backend for all regions."""

_KEPT = ("lock_mode", "lock_legal_status", "lock_until", "encryption", "kms_key_id")


def take(place: Place) -> Json:
    """The content of every bucket of the template, by logical name."""
    buckets = place.backend(s3_backends, PARTITION).buckets
    return {
        logical: [_version(place.folder, key, one) for key, versions in buckets[name].keys.lists() for one in versions]
        for logical, name in place.named("AWS::S3::Bucket")
    }


def _version(folder: Path, key: str, one: Any) -> dict[str, Any]:
    if isinstance(one, FakeDeleteMarker):
        return {"key": key, "version": one.version_id, "is_deleted": True}
    identity = f"{one.bucket_name}/{key}/{one._version_id}/{one.etag}"
    path = folder / "objects" / hashlib.sha256(identity.encode("utf-8")).hexdigest()
    if not path.exists():
        replace(path, one.value)
    kept = {word: getattr(one, word) for word in _KEPT}
    return {"key": key, "version": one._version_id, "metadata": dict(one.metadata), "file": path.name, **kept}


def put(place: Place, kept: Json) -> None:
    """Every version back in its place, under its own version id."""
    backend = place.backend(s3_backends, PARTITION)
    for logical, name in place.named("AWS::S3::Bucket"):
        for one in kept.get(logical, []):
            _put_version(backend, place.folder, name, one)


def _put_version(backend: Any, folder: Path, bucket: str, one: dict[str, Any]) -> None:
    if one.get("is_deleted"):
        backend._set_delete_marker(bucket, one["key"])._version_id = one["version"]
        return
    value = (folder / "objects" / one["file"]).read_bytes()
    made = backend.put_object(bucket, one["key"], value, **{word: one[word] for word in _KEPT})
    made.set_metadata(one["metadata"], replace=True)
    made._version_id = one["version"]
