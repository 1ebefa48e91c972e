"""AWS on this laptop: one moto server on a free port of 127.0.0.1, with one lock, and an account of its own.

Without the lock moto breaks under concurrency: transactions without exactly one winner, lost `ADD`s, HTTP 500s. With
one lock around the whole application, none. Each cloud lives in its own account, so two in one process never see each
other; `mock_aws`, however, empties every account of its process when it starts: do not mix the two in one test.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from itertools import count
from threading import Lock
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import boto3
from moto.core.base_backend import BackendDict
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.datastructures import EnvironHeaders

from infra.local.changes import Changes, called, changes_something
from infra.local.environment import Environment
from infra.local.mail_events import Overhearing
from infra.local.server import LoopbackServer

REGION = "eu-west-3"

_accounts = count(100_000_000_001)
_making = Lock()


@cache
def _session() -> boto3.session.Session:
    """One session for all clouds: it keeps AWS's large service descriptions, which take long to read."""
    return boto3.session.Session()


class MotoRequests(MotoRequestHandler):  # type: ignore[misc]  # moto has no types
    """Moto's own request reader, without its log lines and without Nagle's 40 ms."""

    disable_nagle_algorithm = True
    timeout = 60  # seconds a silent client may hold a thread

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Stay silent: hundreds of lines a minute would hide the few that matter."""


class OneAtATime:
    """Moto's application behind one lock, in one account, noting what changed."""

    def __init__(self, app: WSGIApplication, *, account: str, lock: Lock, changes: Changes) -> None:
        self._app, self._account, self._lock, self._changes = app, account, lock, changes

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """One call, as WSGI brings it."""
        environ["HTTP_X_MOTO_ACCOUNT_ID"] = self._account
        service, operation = called(EnvironHeaders(environ))
        with self._lock:
            answer = list(self._app(environ, start_response))
            if changes_something(environ["REQUEST_METHOD"], operation):
                self._changes.note(service)
        return answer


class MotoCloud:
    """Starts and stops moto, and points boto3 at it through the environment.

    After ``start`` every boto3 client of the process made without further argument talks to it. ``stop`` gives the
    environment back and forgets what the account held.
    """

    def __init__(self) -> None:
        self.account = str(next(_accounts))
        self.changes = Changes()
        self.environment = Environment()
        self.lock = Lock()
        self.on_mail: Callable[[Mapping[str, Any]], None] = lambda _: None
        """Gets the request of each mail that SES took."""
        self._clients: dict[str, Any] = {}
        self._server: LoopbackServer | None = None

    @property
    def url(self) -> str:
        """The endpoint of every AWS service. Raises RuntimeError unless started."""
        if self._server is None:
            raise RuntimeError("this cloud is not started")
        return self._server.url

    def start(self) -> None:
        """Begin to answer."""
        app = DomainDispatcherApplication(create_backend_app)
        guarded = OneAtATime(app, account=self.account, lock=self.lock, changes=self.changes)
        overheard = Overhearing(guarded, lambda mail: self.on_mail(mail))
        self._server = LoopbackServer(overheard, requests=MotoRequests)
        self._server.start()
        self.environment.set(self.settings())

    def settings(self) -> dict[str, str]:
        """What boto3 needs to find this cloud. Account-based endpoints would send stream calls elsewhere: disabled."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled",
            "AWS_ACCESS_KEY_ID": "laptop",
            "AWS_SECRET_ACCESS_KEY": "laptop",
            "AWS_SESSION_TOKEN": "laptop",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def client(self, service: str) -> Any:
        """A boto3 client of this cloud, whatever the environment says; made once per service."""
        with _making:
            if service not in self._clients:
                self._clients[service] = self._new_client(service)
            return self._clients[service]

    def _new_client(self, service: str) -> Any:
        return _session().client(
            service,  # type: ignore[call-overload]  # any service name, not a literal
            region_name=REGION,
            endpoint_url=self.url,
            aws_access_key_id="laptop",
            aws_secret_access_key="laptop",  # noqa: S106  # moto accepts any
        )

    def backend(self, backends: BackendDict, region: str = REGION) -> Any:
        """Moto's own objects for this account; read and write them only while holding ``lock``."""
        return backends[self.account][region]

    def stop(self) -> None:
        """Answer no more, restore the environment, forget the account. Harmless when not started."""
        if self._server is not None:
            self._server.stop()
            self._server = None
        self.environment.park()
        for backends in list(BackendDict._instances):
            for backend in list(backends.pop(self.account, {}).values()):
                backend.reset()
