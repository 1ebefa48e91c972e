"""The card provider as Python holds it: start it, use its URL, pull its levers, stop it."""

import threading
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from infra.local.card_provider import sessions
from infra.local.card_provider.app import App
from infra.local.card_provider.control import Control
from infra.local.card_provider.ledger import Ledger
from infra.local.card_provider.webhooks import Courier

HOST = "127.0.0.1"
POLL = 0.02  # seconds that `stop` waits at most for the server's loop


class CardProvider:
    """A stand-in for Stripe on this machine, in memory or with a state file that survives a restart.

    >>> with CardProvider() as provider:
    ...     provider.url.startswith("http://127.0.0.1:"), provider.control.state()["events"]
    (True, 0)
    """

    def __init__(self, state: Path | None = None) -> None:
        self._ledger = Ledger(state)
        self.control = Control(self._ledger)
        self._server: BaseWSGIServer | None = None
        self._thread: threading.Thread | None = None
        self._courier: Courier | None = None

    @property
    def url(self) -> str:
        """`http://127.0.0.1:PORT`; raises RuntimeError before `serve`."""
        if self._server is None:
            raise RuntimeError("the card provider is not served yet")
        return f"http://{HOST}:{self._server.port}"

    @property
    def is_served(self) -> bool:
        """Whether it listens."""
        return self._server is not None

    def now(self) -> datetime:
        """The provider's time: the real one, plus what tests advanced it by."""
        return self._ledger.clock.moment()

    def serve(self, port: int = 0) -> None:
        """Listen on this machine only, in a thread; port 0 takes any free one."""
        app = App(self._ledger, self.control)
        self._server = make_server(HOST, port, app, threaded=True, request_handler=_Quiet)
        with self._ledger.transaction():
            self._ledger.base_url = self.url
            sessions.rehouse(self._ledger)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(POLL,), name="card-provider", daemon=True
        )
        self._thread.start()
        self._courier = Courier(self._ledger)
        self._courier.start()

    def stop(self) -> None:
        """Stop listening and carrying; undelivered webhooks stay in the state file for the next start."""
        if self._server is None or self._thread is None or self._courier is None:
            return
        self._server.shutdown()
        self._thread.join()
        self._courier.stop()
        self._server = self._thread = self._courier = None

    def __enter__(self) -> Self:
        self.serve()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class _Quiet(WSGIRequestHandler):
    """No line per request: addresses hold Session identifiers, and a test run has thousands."""

    # One answer, one packet: without these each answer waits 40 ms for an acknowledgement.
    disable_nagle_algorithm = True
    wbufsize = -1

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""
