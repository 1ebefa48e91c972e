"""The events that wake a function up, complete, as API Gateway and Lambda write them.

The one builder of events in this repository: the gateway and the pump use it, and so do the tests of functions.
"""

import base64
import time
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from infra.local.lambda_context import ACCOUNT, LambdaContext
from infra.local.moto_cloud import REGION

__all__ = ["Event", "LambdaContext", "batch", "queue_record", "rest_event", "row_record", "stream_record"]

Event = dict[str, Any]
Pairs = Iterable[tuple[str, str]]


def _gathered(pairs: Pairs) -> dict[str, list[str]] | None:
    """Repeated names together; None when there are none, as API Gateway writes it."""
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found or None


def _last(gathered: dict[str, list[str]] | None) -> dict[str, str] | None:
    return {name: values[-1] for name, values in gathered.items()} if gathered else None


def is_binary(content_type: str, binary_types: Sequence[str]) -> bool:
    """Tell whether the API declares a media type as binary.

    >>> is_binary("image/png", ["image/png"]), is_binary("text/css; charset=utf-8", ["*/*"]), is_binary("a/b", [])
    (True, True, False)
    """
    given = content_type.partition(";")[0].strip().lower()
    return bool(given) and any(declared in {given, "*/*"} for declared in binary_types)


def body_text(body: bytes, content_type: str, binary_types: Sequence[str] = ()) -> tuple[str | None, bool]:
    """A body as API Gateway hands it over, and whether that is Base64.

    Declared binary types travel as Base64; all else is read as UTF-8, and what is not UTF-8 is lost: U+FFFD.

    >>> body_text("é".encode("latin-1"), "text/plain")
    ('\\ufffd', False)
    """
    if not body:
        return None, False
    if is_binary(content_type, binary_types):
        return base64.b64encode(body).decode("ascii"), True
    return body.decode("utf-8", errors="replace"), False


def rest_event(
    method: str,
    path: str,
    *,
    resource: str | None = None,
    path_parameters: Mapping[str, str] | None = None,
    query: str = "",
    headers: Pairs = (),
    body: bytes = b"",
    binary_types: Sequence[str] = (),
    source_ip: str = "127.0.0.1",
    domain: str = "127.0.0.1",
    stage: str = "test",
) -> Event:
    """A REST proxy event (payload version 1).

    `resource` is the route's own path with braces, by default the path itself; `path_parameters` stay as they were
    sent, percent-encoded (chalice#511), while the query arrives decoded.
    """
    many_headers = _gathered(headers)
    many_query = _gathered(parse_qsl(query, keep_blank_values=True))
    content_type = next((v for k, v in headers_of(many_headers) if k == "content-type"), "")
    text, is_base64 = body_text(body, content_type, binary_types)
    route = resource or path
    return {
        "resource": route,
        "path": path,
        "httpMethod": method,
        "headers": _last(many_headers),
        "multiValueHeaders": many_headers,
        "queryStringParameters": _last(many_query),
        "multiValueQueryStringParameters": many_query,
        "pathParameters": dict(path_parameters) if path_parameters else None,
        "stageVariables": None,
        "requestContext": _request_context(
            method, path, route, headers=many_headers, source_ip=source_ip, domain=domain, stage=stage
        ),
        "body": text,
        "isBase64Encoded": is_base64,
    }


def headers_of(gathered: dict[str, list[str]] | None) -> Iterable[tuple[str, str]]:
    """Header lines with their names in lower case."""
    return ((name.lower(), value) for name, values in (gathered or {}).items() for value in values)


def _request_context(
    method: str,
    path: str,
    resource: str,
    *,
    headers: dict[str, list[str]] | None,
    source_ip: str,
    domain: str,
    stage: str,
) -> Event:
    now = time.time()
    return {
        "requestId": str(uuid.uuid4()),
        "extendedRequestId": uuid.uuid4().hex,
        "resourceId": "laptop",
        "resourcePath": resource,
        "httpMethod": method,
        "path": path,
        "stage": stage,
        "accountId": ACCOUNT,
        "apiId": "laptop",
        "domainName": domain,
        "protocol": "HTTP/1.1",
        "requestTime": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(now)),
        "requestTimeEpoch": int(now * 1000),
        "identity": {"sourceIp": source_ip, "userAgent": dict(headers_of(headers)).get("user-agent")},
    }


def _plain(value: Any) -> Any:
    """What boto3 read, as JSON can say it: bytes in Base64, instants in epoch seconds."""
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list | set):
        return [_plain(item) for item in value]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return value.timestamp() if isinstance(value, datetime) else value


def stream_record(record: Mapping[str, Any], stream_arn: str) -> Event:
    """One record of GetRecords as Lambda hands it over."""
    plain: Event = _plain(dict(record))
    return {**plain, "awsRegion": REGION, "eventSourceARN": stream_arn}


def batch(records: Sequence[Event]) -> Event:
    """An event of a stream or a queue."""
    return {"Records": list(records)}


def row_record(
    new: Mapping[str, Any], *, keys: Sequence[str] = ("pk", "sk"), sequence: int = 1, name: str = "INSERT"
) -> Event:
    """A stream record for a row in DynamoDB's JSON, for tests that have no stream: `{"pk": {"S": "..."}, ...}`."""
    change = {
        "ApproximateCreationDateTime": time.time(),
        "Keys": {key: new[key] for key in keys if key in new},
        "NewImage": dict(new),
        "SequenceNumber": str(sequence),
        "SizeBytes": len(str(new)),
        "StreamViewType": "NEW_IMAGE",
    }
    record = {"eventID": uuid.uuid4().hex, "eventName": name, "eventVersion": "1.1"}
    arn = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/records/stream/1"
    return stream_record({**record, "eventSource": "aws:dynamodb", "dynamodb": change}, arn)


def queue_record(message: Mapping[str, Any], queue_arn: str) -> Event:
    """One message of ReceiveMessage as Lambda hands it over."""
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message.get("ReceiptHandle", ""),
        "body": message["Body"],
        "attributes": dict(message.get("Attributes", {})),
        "messageAttributes": {
            name: _message_attribute(value) for name, value in message.get("MessageAttributes", {}).items()
        },
        "md5OfBody": message.get("MD5OfBody", ""),
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": REGION,
    }


def _message_attribute(value: Mapping[str, Any]) -> Event:
    written = {name[0].lower() + name[1:]: _plain(item) for name, item in value.items()}
    return {**written, "stringListValues": [], "binaryListValues": []}
