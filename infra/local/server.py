"""A small web server that only this machine can reach, and that leaves nothing behind when it stops."""

from collections.abc import Iterable
from threading import Condition, Thread
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

HOST = "127.0.0.1"

LONGEST_ANSWER_SECONDS = 30.0

RAW_HEADERS = "cvec.raw_headers"
"""Environ key of the header lines as they came: WSGI itself folds repeated names and loses their case."""


class QuietRequests(WSGIRequestHandler):
    """Requests without werkzeug's own log lines, which show paths, and paths may hold a token.

    Werkzeug closes each connection after its answer, so an unread body can never be taken for the next request.
    """

    disable_nagle_algorithm = True
    timeout = 60  # seconds a silent client may hold a thread

    def make_environ(self) -> dict[str, Any]:
        """What WSGI says of the request, and its header lines as sent."""
        environ: dict[str, Any] = super().make_environ()
        environ[RAW_HEADERS] = list(self.headers.items())
        return environ

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Stay silent: the gateway writes its own line, with the route."""


class UnderWay:
    """An application that knows how many requests it is answering, so that a stop can wait for them."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app, self._count, self._changed = app, 0, Condition()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """One request, as WSGI brings it."""
        self._add(1)
        try:
            return self._app(environ, start_response)
        finally:
            self._add(-1)

    def _add(self, change: int) -> None:
        with self._changed:
            self._count += change
            self._changed.notify_all()

    def wait(self, seconds: float) -> None:
        """Return once nothing is under way, or after so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._count == 0, timeout=seconds)


class LoopbackServer:
    """Serves one WSGI application on 127.0.0.1 from a thread; the socket is bound, hence ``url`` known, at once."""

    def __init__(
        self, app: WSGIApplication, *, port: int = 0, requests: type[WSGIRequestHandler] = QuietRequests
    ) -> None:
        self._app = UnderWay(app)
        self._server: BaseWSGIServer = make_server(HOST, port, self._app, threaded=True, request_handler=requests)
        self._thread = Thread(target=self._serve, name=f"loopback-{self.port}", daemon=True)

    def _serve(self) -> None:
        self._server.serve_forever(poll_interval=0.05)

    @property
    def port(self) -> int:
        """The port the system gave us, or the one we asked for."""
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """Address without a trailing slash."""
        return f"http://{HOST}:{self.port}"

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Take no more requests, finish those under way, give the port back. Harmless when never started."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
            self._app.wait(LONGEST_ANSWER_SECONDS)
        self._server.server_close()
