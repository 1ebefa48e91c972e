"""Which adapter keeps which promise: built once per cold start, and every client only when it is first used."""

import json
from threading import Lock
from typing import Any, TypeVar

from cvec.adapters.cards_stripe import CardKeys, StripeGateway, checked_keys
from cvec.adapters.cell import CellInspector
from cvec.adapters.certificate_pdf import TypstPrinter
from cvec.adapters.communes import CommuneGazetteer
from cvec.adapters.doorbell import SqsDoorbell
from cvec.adapters.faults import translated
from cvec.adapters.institutions import S3Institutions
from cvec.adapters.intake_s3 import S3Intake
from cvec.adapters.letters import JinjaLetters
from cvec.adapters.passwords import Argon2Passwords
from cvec.adapters.post import SesPost
from cvec.adapters.scanner import GuardDutyScanner, LaptopScanner
from cvec.adapters.shelf import S3Shelf
from cvec.adapters.store import DynamoStore
from cvec.adapters.world import Pepper, RealChance, RealClock
from cvec.config import MalwareScan, Settings, read_settings
from cvec.journal import note_fact, report_fault
from cvec.ports import House, Tools
from cvec.ports_documents import Scanner

T = TypeVar("T")

_CONNECT_SECONDS, _READ_SECONDS, _MAX_ATTEMPTS = 1, 3, 3
_building = Lock()


_in_use: list[Tools] = []


def tools() -> Tools:
    """The tools of the running function, built from its environment when first asked for."""
    if not _in_use:
        use(build_tools(read_settings()))
    return _in_use[-1]


def use(chosen: Tools) -> None:
    """Use these tools from now on: what a test does, whose world is not the real one."""
    _in_use[:] = [chosen]


def forget() -> None:
    """Drop what was built, so that the next use reads the environment again."""
    _in_use.clear()


def build_tools(settings: Settings) -> Tools:
    """Tools for these settings. Nothing is connected yet."""
    house = House(
        service_name=settings.service_name,
        site_url=settings.site_url,
        password_policy=settings.password_policy,
    )
    aws = _Clients()
    chance, clock = RealChance(), RealClock()
    pepper = Pepper(lambda: aws.secret(settings.app_secret))
    return Tools(
        house=house,
        store=DynamoStore(
            lambda: aws.client("dynamodb"),
            tables={"records": settings.records_table, "tickets": settings.tickets_table},
            new_change=chance.new_id,
            on_fact=note_fact,
        ),
        clock=clock,
        chance=chance,
        secrets=pepper,
        passwords=Argon2Passwords(),
        post=SesPost(lambda: aws.client("sesv2"), sender=settings.mail_sender, sender_name=settings.service_name),
        letters=JinjaLetters(pepper, house),
        cards=StripeGateway(
            lambda: _card_keys(aws, settings),
            site_url=settings.site_url,
            api_base=settings.card_api_base,
            is_live=settings.is_live,
        ),
        doorbell=SqsDoorbell(lambda: aws.client("sqs"), queue_url=settings.card_notifications_queue),
        printer=TypstPrinter(),
        shelf=S3Shelf(lambda: aws.client("s3"), bucket=settings.certificates_bucket),
        intake=S3Intake(lambda: aws.client("s3"), bucket=settings.documents_bucket, upload_base=settings.upload_base),
        scanner=_scanner(aws, settings),
        inspector=CellInspector(),
        communes=CommuneGazetteer(),
        institutions=S3Institutions(
            lambda: aws.client("s3"),
            bucket=settings.catalogue_bucket,
            clock=clock,
            on_fault=lambda fault: report_fault("institutions", fault, at=settings.catalogue_bucket),
        ),
    )


class _Clients:
    """AWS clients, one of each service, made when first asked for: making one costs more than all else in a start."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}

    def client(self, service: str) -> Any:
        """The client of a service, impatient and stubborn within a Lambda's time."""
        if service not in self._made:
            with _building:
                self._made.setdefault(service, _new_client(service))
        return self._made[service]

    def secret(self, name: str) -> str:
        """The text of a secret."""
        with translated():
            return str(self.client("secretsmanager").get_secret_value(SecretId=name)["SecretString"])


def _new_client(service: str) -> Any:
    import boto3
    from botocore.config import Config

    patience = Config(
        connect_timeout=_CONNECT_SECONDS,
        read_timeout=_READ_SECONDS,
        retries={"total_max_attempts": _MAX_ATTEMPTS, "mode": "standard"},
        signature_version="s3v4" if service == "s3" else None,
    )
    return boto3.client(service, config=patience)  # type: ignore[call-overload]


def _card_keys(aws: _Clients, settings: Settings) -> CardKeys:
    stored = json.loads(aws.secret(settings.card_secret))
    keys = CardKeys(api_key=stored["api_key"], notification_secrets=tuple(stored["notification_secrets"]))
    return checked_keys(keys, is_live=settings.is_live, api_base=settings.card_api_base)


def _scanner(aws: _Clients, settings: Settings) -> Scanner:
    """Raises ValueError for a live deployment whose documents nobody would scan."""
    if settings.malware_scan is MalwareScan.GUARDDUTY:
        return GuardDutyScanner(lambda: aws.client("s3"), bucket=settings.documents_bucket)
    if settings.is_live:
        raise ValueError("STAGE=prod wants MALWARE_SCAN=guardduty")
    return LaptopScanner()
