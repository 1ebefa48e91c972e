"""The whole service on one laptop: moto, the template's resources, functions, gateway, pump, mailbox, card stand-in.

with Laptop(Path("template.yaml")) as laptop:
    laptop.site_url, laptop.mailbox.messages(), laptop.pump.drain()
"""

import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from infra.local import card_link, mail_events
from infra.local.card_provider import CardProvider
from infra.local.functions import Fleet
from infra.local.gateway import Gateway
from infra.local.mailbox import Mailbox
from infra.local.moto_cloud import MotoCloud
from infra.local.pump import Pump
from infra.local.stack import Stack
from infra.local.state import State
from infra.local.template import Template
from infra.local.uploads import Uploads, told_of

CARD_SECRET = "CardSecret"
"""Logical name of the secret that holds the provider's key."""


class Laptop:
    """Composes everything and takes it down again. Memory only when `state` is None.

    Ports are free ones unless asked for. The pump does not run by itself: call ``pump.start()`` or ``pump.drain()``.
    Raises UnevenEnvironmentError when functions differ in their settings: they share one process here.
    """

    def __init__(
        self,
        template: Path,
        *,
        state: Path | None = None,
        site_port: int = 0,
        mailbox_port: int = 0,
        card_port: int = 0,
        instances: int = 4,
        parameters: Mapping[str, str] | None = None,
    ) -> None:
        self._template = Template.load(template, parameters)
        self._template.environment()
        self._folder, self._instances = state, instances
        self._ports = {"site": site_port, "mailbox": mailbox_port, "card": card_port}
        self._undo = ExitStack()
        self._state: State | None = None
        self.cloud = MotoCloud()
        self.mailbox = Mailbox(self.cloud)
        self.uploads = Uploads(self.cloud, after_upload=self.save)
        self.cards = CardProvider(state / "card_provider.json" if state else None)

    def start(self) -> None:
        """Bring everything up. What is up already comes down again when something fails."""
        with ExitStack() as undo:
            self._start_cloud(undo)
            self._start_neighbours(undo)
            self._start_site(undo)
            self._undo = undo.pop_all()

    def _start_cloud(self, undo: ExitStack) -> None:
        undo.callback(self.cloud.stop)
        undo.callback(forget_tools)
        self.cloud.start()
        self.stack = Stack(self._template, self.cloud)
        self.stack.create()
        self._play_mail_events()
        if self._folder is not None:
            self._state = State(self._folder, self.stack, self.cloud)
            undo.callback(self._state.close)
            self._state.restore()

    def _play_mail_events(self) -> None:
        if mail_events.QUEUE in self.stack.template.resources:
            queue, sqs = self.stack.address(mail_events.QUEUE, "Ref"), self.cloud.client("sqs")
            self.cloud.on_mail = lambda mail: sqs.send_message(QueueUrl=queue, MessageBody=mail_events.event_of(mail))

    def _start_neighbours(self, undo: ExitStack) -> None:
        undo.callback(self.mailbox.stop)
        self.mailbox.serve(self._ports["mailbox"])
        undo.callback(self.uploads.stop)
        self._open_uploads()
        undo.callback(self.cards.stop)
        self.cards.serve(self._ports["card"])
        self.gateway = Gateway(self._template, port=self._ports["site"], after_answer=self.save)
        undo.callback(self.gateway.stop)
        self._link_cards()
        self.save()

    def _open_uploads(self) -> None:
        buckets = self.stack.template.resources_of("AWS::S3::Bucket")
        self.uploads.notices = {
            self.stack.address(one, "Ref"): told_of(self.stack.template.properties(one), self._queue_url)
            for one in buckets
        }
        self.uploads.serve()

    def _queue_url(self, arn: str) -> str:
        url: str = self.cloud.client("sqs").get_queue_url(QueueName=arn.rpartition(":")[2])["QueueUrl"]
        return url

    def _link_cards(self) -> None:
        if CARD_SECRET in self.stack.template.resources:
            secret_id = self.stack.address(CARD_SECRET, "Ref")
            card_link.link(self.cloud, secret_id, card_url=self.cards.url, site_url=self.site_url)

    def _start_site(self, undo: ExitStack) -> None:
        addresses = {"SITE_URL": self.site_url, "CARD_API_BASE": self.cards.url, **self._uploads_here()}
        self.cloud.environment.set({**self.stack.template.environment(), **addresses})
        forget_tools()
        functions = self.stack.template.functions
        fleets = {one.name: Fleet(one, size=self._instances) for one in functions}
        for fleet in fleets.values():
            fleet.warm_up()
        self.pump = Pump(functions, fleets, self.cloud, after_round=self.save)
        undo.callback(self.pump.stop)
        self.gateway.start(fleets)

    def _uploads_here(self) -> dict[str, str]:
        """Forms go to the door that keeps their policy; no GuardDuty looks at what they bring."""
        return {"UPLOAD_BASE": self.uploads.url, "MALWARE_SCAN": "laptop"}

    @property
    def site_url(self) -> str:
        """Where people reach the service, without a trailing slash."""
        return self.gateway.url

    def save(self) -> None:
        """Keep what changed, when this laptop has a state."""
        if self._state is not None:
            self._state.save()

    def lay(self) -> None:
        """Make the process's settings this laptop's again."""
        self.cloud.environment.lay()
        forget_tools()

    def park(self) -> None:
        """Give the process its own settings back, while everything stays up; for what runs between two tests."""
        self.cloud.environment.park()
        forget_tools()

    def stop(self) -> None:
        """Finish what is under way, save, and leave nothing running. Harmless when not started."""
        with self._undo:
            self.save()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def forget_tools() -> None:
    """Drop the tools the layer built for other settings; when it was never imported, there are none."""
    wiring = sys.modules.get("cvec.wiring")
    if wiring is not None:
        wiring.forget()
