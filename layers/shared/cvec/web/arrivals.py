"""What storage and the malware scanner say has come, as (owner, document) pairs: S3's notices, GuardDuty's results."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote_plus


def arrivals(message: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The documents that a message is about; none for S3's test message or for objects that are no document.

    >>> s3 = {"Records": [{"s3": {"object": {"key": "quarantine/identity/p1/d1"}}}]}
    >>> guardduty = {"detail": {"s3ObjectDetails": {"objectKey": "quarantine/identity/p1/d1"}}}
    >>> list(arrivals(s3)), list(arrivals(guardduty)), list(arrivals({"Event": "s3:TestEvent"}))
    ([('p1', 'd1')], [('p1', 'd1')], [])
    """
    for key in _keys(message):
        match key.split("/"):
            case ["quarantine", _, owner, document]:
                yield owner, document


def _keys(message: Mapping[str, Any]) -> Iterator[str]:
    for record in message.get("Records", []):
        yield unquote_plus(record["s3"]["object"]["key"])
    scanned = message.get("detail", {}).get("s3ObjectDetails")
    if scanned:
        yield scanned["objectKey"]
