"""What becomes of mails on this laptop: SES's events, in the words of EventBridge, on the queue that listens to them.

Every mail is delivered, but for the local parts of SES's own mailbox simulator, at any domain and with any label:
bounce@, bounce+two@, complaint@ and suppressionlist@ meet what their name says.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from io import BytesIO
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

SENDING = "/v2/email/outbound-emails"
QUEUE = "MailNews"
"""Logical name of the queue that the rule of the template feeds."""

_OUTCOMES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "bounce": ("Email Bounced", "Bounce", {"bounceType": "Permanent", "bounceSubType": "General"}),
    "suppressionlist": ("Email Bounced", "Bounce", {"bounceType": "Permanent", "bounceSubType": "Suppressed"}),
    "complaint": ("Email Complaint Received", "Complaint", {"complaintFeedbackType": "abuse"}),
}
_DELIVERED: tuple[str, str, dict[str, Any]] = ("Email Delivered", "Delivery", {})


class Overhearing:
    """Moto's application, overheard: `on_mail` gets the request of each mail that SES took."""

    def __init__(self, app: WSGIApplication, on_mail: Callable[[Mapping[str, Any]], None]) -> None:
        self._app, self._on_mail = app, on_mail

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """One call, as WSGI brings it."""
        if environ["PATH_INFO"] != SENDING or environ["REQUEST_METHOD"] != "POST":
            return self._app(environ, start_response)
        asked = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = BytesIO(asked)
        said: list[str] = []

        def note(status: str, *rest: Any) -> Any:
            said.append(status)
            return start_response(status, *rest)

        answer = list(self._app(environ, note))
        if said[-1].startswith("200"):
            self._on_mail(json.loads(asked))
        return answer


def event_of(mail: Mapping[str, Any]) -> str:
    """The event that follows a mail, by its first address; tags are those it was sent with."""
    address = mail["Destination"]["ToAddresses"][0]
    name = address.partition("@")[0].partition("+")[0].lower()
    title, kind, details = _OUTCOMES.get(name, _DELIVERED)
    tags = {tag["Name"]: [tag["Value"]] for tag in mail.get("EmailTags", [])}
    detail = {"eventType": kind, kind.lower(): details, "mail": {"destination": [address], "tags": tags}}
    return json.dumps({"source": "aws.ses", "detail-type": title, "detail": detail})
