"""What is deployed answers: built as `sam build` builds it, nothing else to import, pruned of nothing it needs."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from cvec.domain.email import Email
from pydantic import TypeAdapter

from infra.deploy import pruning
from infra.deploy.package import LOCKS, stanzas
from infra.local.events import rest_event
from tests.support.artefact import ROOT, Artefact

STEPS = ("register", "pay", "exempt", "certify", "inspect")
LAYER = ROOT / "layers" / "shared" / "cvec"

ADDRESS = "ana@éxample.fr"

IMPORT_EACH = """
from importlib import import_module
for module, name in given["imports"]:
    found = import_module(module)
    if name and not hasattr(found, name):
        import_module(f"{module}.{name}")
answer = len(given["imports"])
"""
MAKE_CLIENTS = """
import boto3
answer = [boto3.client(service).meta.service_model.service_name for service in given["services"]]
"""
SPEAK = """
from datetime import date
from cvec.adapters.passwords import Argon2Passwords
from cvec.domain.contact import Contact
from cvec.domain.email import Email
from cvec.texts import day_text, money_text
from pydantic import TypeAdapter
passwords = Argon2Passwords()
answer = {
    "day": [day_text(date(1999, 5, 4), language) for language in ("fr", "en")],
    "money": [money_text(10500, language) for language in ("fr", "en")],
    "address": TypeAdapter(Email).validate_python(given["address"]),
    "phone": Contact(mobile_phone="+33639980001", address_line1="1 rue", postal_code="69001", city="L", country="FR")
    .mobile_phone,
    "strength": passwords.strength("password", ()),
    "verified": passwords.verify("secret", passwords.hash("secret")),
}
"""
PRINT = """
from datetime import UTC, date, datetime
from cvec.adapters.certificate_pdf import TypstPrinter
from cvec.domain.certificate_content import CertificateContent
from cvec.domain.certificate_number import CertificateNumber
content = CertificateContent(
    number=CertificateNumber.draw("CRE", 2026, "DTGBLX"), academic_year_label="2026 - 2027", civility="Monsieur",
    birth_name="N'DIAYE", first_names="François", birth_date=date(1998, 5, 23), ine="1409002949V",
    crous_name="Crous de Créteil", issued_at=datetime(2026, 6, 22, 9, 32, tzinfo=UTC),
    check_url="https://cvec.example/c", service_name="Service",
)
answer = TypstPrinter().print(content)[:5].decode()
"""
ASK_STRIPE = """
import stripe
client = stripe.StripeClient(
    "sk_test_0", http_client=stripe.RequestsClient(timeout=1), base_addresses={"api": "http://127.0.0.1:9"},
    max_network_retries=0,
)
session = {"object": "checkout.session", "payment_intent": {"object": "payment_intent"}}
event = stripe.Event.construct_from({"object": "event", "data": {"object": session}}, "sk_test_0")
answer = [type(event.data.object).__name__, type(event.data.object.payment_intent).__name__]
sessions, refunds = client.v1.checkout.sessions, client.v1.refunds
for ask in (lambda: sessions.create({"mode": "payment"}), lambda: sessions.retrieve("cs_1"), refunds.list):
    try:
        ask()
    except stripe.APIConnectionError as nobody_there:
        answer.append(type(nobody_there).__name__)
"""
TAKE_BATCH = """
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
def take(record):
    if record.body == "bad":
        raise ValueError(record.body)
answer = process_partial_response(event=given["event"], record_handler=take, processor=BatchProcessor(EventType.SQS))
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Artefact:
    return Artefact.build(tmp_path_factory.mktemp("artefact"), STEPS)


def late_and_early_imports(source: Path) -> Iterator[tuple[str, str | None]]:
    """What a module imports when it runs: (module, name), leaving out what only types need."""
    waiting: list[ast.AST] = [ast.parse(source.read_text(encoding="utf-8"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.Import):
            yield from ((alias.name, None) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.module, alias.name) for alias in node.names)
        waiting.extend(ast.iter_child_nodes(node))


def test_the_built_exempt_function_answers_its_reasons(built: Artefact) -> None:
    answer = built.answer("exempt", rest_event("GET", "/api/v1/exemption-reasons"))
    assert answer["statusCode"] == 200
    assert len(json.loads(answer["body"])) > 1


def test_the_built_register_function_refuses_who_brings_no_cookie(built: Artefact) -> None:
    answer = built.answer("register", rest_event("GET", "/api/v1/registration"))
    assert answer["statusCode"] == 401
    assert answer["headers"]["Content-Type"] == "application/problem+json"
    assert json.loads(answer["body"])["status"] == 401


def test_every_import_of_ours_finds_what_it_names(built: Artefact) -> None:
    sources = [*LAYER.rglob("*.py"), *(ROOT / "functions").glob("*/app.py")]
    wanted = sorted({one for source in sources for one in late_and_early_imports(source)}, key=str)
    assert built.run(IMPORT_EACH, steps=("pay", "certify", "inspect"), imports=wanted) == len(wanted) > 100


def test_the_services_kept_are_those_the_wiring_asks_for(built: Artefact) -> None:
    asked = re.findall(r'\.client\("(\w+)"\)', (LAYER / "wiring.py").read_text(encoding="utf-8"))
    assert set(asked) == set(pruning.SERVICES)
    assert built.run(MAKE_CLIENTS, steps=(), services=pruning.SERVICES) == list(pruning.SERVICES)


def test_the_pruned_layer_speaks_writes_and_hashes_as_before(built: Artefact) -> None:
    assert built.run(SPEAK, steps=(), address=ADDRESS) == {
        "day": ["4 mai 1999", "May 4, 1999"],
        "money": ["105,00\xa0€", "€105.00"],
        "address": TypeAdapter(Email).validate_python(ADDRESS),
        "phone": "+33639980001",
        "strength": 0,
        "verified": True,
    }


def test_the_built_certify_function_prints(built: Artefact) -> None:
    assert built.run(PRINT, steps=("certify",)) == "%PDF-"


def test_the_built_pay_function_speaks_to_its_provider(built: Artefact) -> None:
    assert built.run(ASK_STRIPE, steps=("pay",)) == ["Session", "PaymentIntent", *["APIConnectionError"] * 3]


def test_the_pruned_layer_reports_the_messages_that_failed(built: Artefact) -> None:
    records = [{"messageId": body, "body": body, "eventSource": "aws:sqs"} for body in ("good", "bad")]
    answer = built.run(TAKE_BATCH, steps=(), event={"Records": records})
    assert answer == {"batchItemFailures": [{"itemIdentifier": "bad"}]}


def test_only_pay_brings_the_provider_and_only_certify_the_press(built: Artefact) -> None:
    homes = {name: [one for one in (*STEPS, "layer/python") if (built.folder / one / name).exists()] for name in
             ("stripe", "typst", "segno", "cvec", "pip", "inquirer")}  # fmt: skip
    assert homes == {
        "stripe": ["pay"],
        "typst": ["certify"],
        "segno": ["certify"],
        "cvec": ["layer/python"],
        "pip": [],
        "inquirer": [],
    }


@pytest.mark.parametrize("lock", ["layer", "chalice", "pay", "certify"])
def test_what_is_deployed_is_what_is_tested(lock: str) -> None:
    """`make lock` binds every lock to dev.txt."""
    tested = {name: lines.split()[0] for name, lines in stanzas(LOCKS / "dev.txt").items()}
    deployed = {name: lines.split()[0] for name, lines in stanzas(LOCKS / f"{lock}.txt").items()}
    assert deployed
    assert deployed.items() <= tested.items()


def test_no_lock_names_a_registry() -> None:
    assert [lock.name for lock in LOCKS.iterdir() if "://" in lock.read_text(encoding="utf-8")] == []
