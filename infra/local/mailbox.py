"""The mailbox: every mail that SES took on this laptop, on a page, as JSON, and for tests."""

import json
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from moto.ses.models import ses_backends
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from infra.local.mails import Mail, from_ses
from infra.local.moto_cloud import MotoCloud
from infra.local.server import LoopbackServer

PAGES = Path(__file__).parent / "pages"

PAGE_POLICY = "default-src 'none'; style-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'"
FRAME_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
)
"""A mail's own HTML may style itself and open links, and nothing else."""

URLS = Map(
    [
        Rule("/", endpoint="list"),
        Rule("/mails.json", endpoint="json"),
        Rule("/mailbox.css", endpoint="style"),
        Rule("/mails/<mail_id>", endpoint="mail"),
        Rule("/mails/<mail_id>/html", endpoint="html"),
        Rule("/mails/<mail_id>/source", endpoint="source"),
    ]
)


class Mailbox:
    """Reads SES's backend of one cloud; ``serve`` shows it in a browser."""

    def __init__(self, cloud: MotoCloud) -> None:
        self._cloud = cloud
        self._server: LoopbackServer | None = None
        self._pages = Environment(
            loader=FileSystemLoader(PAGES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )

    def messages(self, to: str | None = None) -> list[Mail]:
        """Mails, newest first; those to one address when given, whatever its case."""
        with self._cloud.lock:
            taken = list(self._cloud.backend(ses_backends).sent_messages)
        mails = [from_ses(message) for message in reversed(taken)]
        return [mail for mail in mails if to is None or to.lower() in map(str.lower, mail.to)]

    def serve(self, port: int = 0) -> None:
        """Show the mailbox on 127.0.0.1."""
        self._server = LoopbackServer(self, port=port)
        self._server.start()

    @property
    def url(self) -> str:
        """Address of the page. Raises RuntimeError before ``serve``."""
        if self._server is None:
            raise RuntimeError("the mailbox is not served")
        return self._server.url

    def stop(self) -> None:
        """Show nothing more. Harmless when not served."""
        if self._server is not None:
            self._server.stop()
            self._server = None

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """One request, as WSGI brings it."""
        try:
            response: Response | HTTPException = self._answer(Request(environ))
        except HTTPException as refusal:
            response = refusal
        return response(environ, start_response)

    def _answer(self, request: Request) -> Response:
        endpoint, arguments = URLS.bind_to_environ(request.environ).match()
        doors: dict[str, Callable[[], Response]] = {
            "list": partial(self._list, is_live="live" in request.args),
            "json": partial(self._json, to=request.args.get("to")),
            "style": self._style,
            "mail": partial(self._mail, **arguments),
            "html": partial(self._html, **arguments),
            "source": partial(self._source, **arguments),
        }
        return doors[str(endpoint)]()

    def _page(self, name: str, **values: object) -> Response:
        html = self._pages.get_template(name).render(**values)
        return Response(html, mimetype="text/html", headers={"Content-Security-Policy": PAGE_POLICY})

    def _find(self, mail_id: str) -> Mail:
        found = next((mail for mail in self.messages() if mail.id == mail_id), None)
        if found is None:
            raise NotFound
        return found

    def _list(self, *, is_live: bool) -> Response:
        return self._page("list.html", mails=self.messages(), is_live=is_live)

    def _mail(self, mail_id: str) -> Response:
        return self._page("mail.html", mail=self._find(mail_id))

    def _html(self, mail_id: str) -> Response:
        shown = self._find(mail_id).html_for_a_frame
        return Response(shown, mimetype="text/html", headers={"Content-Security-Policy": FRAME_POLICY})

    def _source(self, mail_id: str) -> Response:
        return Response(self._find(mail_id).raw, mimetype="text/plain")

    def _style(self) -> Response:
        return Response((PAGES / "mailbox.css").read_text(encoding="utf-8"), mimetype="text/css")

    def _json(self, *, to: str | None) -> Response:
        mails = [mail.as_json() for mail in self.messages(to)]
        return Response(json.dumps(mails, ensure_ascii=False), mimetype="application/json")
