"""A webhook endpoint of the application: notes what comes, answers what it was told to answer."""

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

import stripe


@dataclass(frozen=True)
class Letter:
    body: bytes
    signature: str


@dataclass
class Receiver:
    """Serves on this machine; `answers` are given in turn, then 200 for ever."""

    answers: list[int] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._door())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/hooks"

    def events(self, secret: str) -> list[stripe.Event]:
        """What came, verified by the official SDK; raises SignatureVerificationError at a forgery."""
        return [opened(letter, secret) for letter in self.letters]

    def types(self, secret: str) -> list[str]:
        return [event.type for event in self.events(secret)]

    def _door(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.letters.append(Letter(body, self.headers["Stripe-Signature"]))
                self.send_response(receiver.answers.pop(0) if receiver.answers else 200)
                self.end_headers()

            def log_message(self, *_arguments: Any) -> None: ...

        return Door


def opened(letter: Letter, secret: str) -> stripe.Event:
    event: stripe.Event = stripe.Webhook.construct_event(letter.body, letter.signature, secret)
    return event
