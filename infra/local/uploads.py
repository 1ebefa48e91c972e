"""S3's door for forms: it keeps the policy that moto does not, stores what passes, and tells whom the bucket tells.

A browser's form goes here instead of to moto. Everything S3 would refuse is refused in S3's words and statuses.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit, urlunsplit
from wsgiref.types import StartResponse, WSGIEnvironment

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Request, Response

from infra.local.moto_cloud import MotoCloud
from infra.local.post_policy import PolicyRefusal, checked_policy
from infra.local.resources import UnknownPropertyError
from infra.local.server import LoopbackServer

MOST_BYTES = 12 * 1024 * 1024
"""Of a whole form: a document of 10 MB and its fields. What the policy allows is checked apart."""


class Uploads:
    """Takes the forms of one cloud's buckets. `notices` says, by bucket, where each prefix is told of (queue URLs)."""

    def __init__(self, cloud: MotoCloud, after_upload: Callable[[], None] = lambda: None) -> None:
        self._cloud, self._after_upload = cloud, after_upload
        self._server: LoopbackServer | None = None
        self.notices: Mapping[str, list[tuple[str, str]]] = {}

    @property
    def url(self) -> str:
        """Address without a trailing slash. Raises RuntimeError unless serving."""
        if self._server is None:
            raise RuntimeError("this door is closed")
        return self._server.url

    def serve(self, port: int = 0) -> None:
        """Begin to take forms."""
        self._server = LoopbackServer(self._answer, port=port)
        self._server.start()

    def stop(self) -> None:
        """Take no more. Harmless when not serving."""
        if self._server is not None:
            self._server.stop()
            self._server = None

    def _answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with Request(environ) as request:  # closes the file that was sent
            request.max_content_length = MOST_BYTES
            request.max_form_memory_size = MOST_BYTES
            answer = self._answered(request)
        return answer(environ, start_response)

    def _answered(self, request: Request) -> Response:
        try:
            return self._take(request)
        except PolicyRefusal as refusal:
            return _refused(refusal.code, refusal.status)
        except RequestEntityTooLarge:
            return _refused("EntityTooLarge", HTTPStatus.BAD_REQUEST)

    def _take(self, request: Request) -> Response:
        bucket = request.path.strip("/")
        if request.method != "POST" or bucket not in self.notices:
            return _refused("MethodNotAllowed", HTTPStatus.METHOD_NOT_ALLOWED)
        file = request.files.get("file")
        if file is None:
            raise PolicyRefusal("InvalidArgument", HTTPStatus.BAD_REQUEST)
        fields, content = request.form.to_dict(), file.read()
        checked_policy(fields, bucket=bucket, size=len(content))
        self._store(bucket, fields, content)
        self._after_upload()
        return _taken(bucket, fields, content)

    def _store(self, bucket: str, fields: Mapping[str, str], content: bytes) -> None:
        s3 = self._cloud.client("s3")
        s3.put_object(Bucket=bucket, Key=fields["key"], Body=content, ContentType=fields["Content-Type"])
        for prefix, queue in self.notices[bucket]:
            if fields["key"].startswith(prefix):
                self._cloud.client("sqs").send_message(QueueUrl=queue, MessageBody=_notice(bucket, fields["key"]))


def told_of(properties: Mapping[str, Any], queue_url: Callable[[str], str]) -> list[tuple[str, str]]:
    """Prefixes and queues of a bucket's `NotificationConfiguration`. Raises UnknownPropertyError for other listeners.

    (Of EventBridge's, only GuardDuty's results are listened to, and no GuardDuty is here.)
    """
    configured = properties.get("NotificationConfiguration", {})
    unknown = configured.keys() - {"QueueConfigurations", "EventBridgeConfiguration"}
    if unknown:
        raise UnknownPropertyError(f"teach infra/local/uploads.py to tell {', '.join(sorted(unknown))}")
    declared = configured.get("QueueConfigurations", [])
    return [(_prefix(one), queue_url(one["Queue"])) for one in declared]


def _prefix(declared: Mapping[str, Any]) -> str:
    rules = declared.get("Filter", {}).get("S3Key", {}).get("Rules", [])
    return next((rule["Value"] for rule in rules if rule["Name"].lower() == "prefix"), "")


def _notice(bucket: str, key: str) -> str:
    """S3's message about a new object."""
    told = {"bucket": {"name": bucket}, "object": {"key": quote_plus(key, safe="/")}}
    return json.dumps({"Records": [{"eventSource": "aws:s3", "eventName": "ObjectCreated:Post", "s3": told}]})


def _taken(bucket: str, fields: Mapping[str, str], content: bytes) -> Response:
    """No content; or, for a form without script, on to the page that the policy named."""
    then = fields.get("success_action_redirect")
    if not then:
        return Response(status=HTTPStatus.NO_CONTENT, headers={"Access-Control-Allow-Origin": "*"})
    parts, etag = urlsplit(then), hashlib.md5(content, usedforsecurity=False).hexdigest()
    added = urlencode({"bucket": bucket, "key": fields["key"], "etag": f'"{etag}"'})
    query = f"{parts.query}&{added}" if parts.query else added
    return Response(status=HTTPStatus.SEE_OTHER, headers={"Location": urlunsplit(parts._replace(query=query))})


def _refused(code: str, status: int) -> Response:
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code></Error>'
    return Response(body, status=status, mimetype="application/xml", headers={"Access-Control-Allow-Origin": "*"})
