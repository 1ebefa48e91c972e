"""Step 3: the file of a year, its study city, its payment by card, and the provider's word about it."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from chalice import Response
from chalice.app import Request
from cvec import wiring
from cvec.domain import errors
from cvec.domain.academic_year import parse_year, year_label
from cvec.domain.sessions import Session
from cvec.usecases import files, pay, watch
from cvec.usecases.answers import Accepted, CommuneView, FileView, PageOffered, PaymentView
from cvec.usecases.watch import Round
from cvec.web.callers import Caller
from cvec.web.forms import CommuneSearch, FilePrepared
from cvec.web.pages import page
from cvec.web.step_app import StepApp, language_of, raw_body

app = StepApp("pay", tools=wiring.tools)

_FILE = "/api/v1/files/{year}"


@app.get("/api/v1/communes", who=Caller.ANYONE)
def search_communes(query: CommuneSearch) -> list[CommuneView]:
    """Find the study city by the beginning of its name or postcode; bigger towns first."""
    return [CommuneView.of(match) for match in wiring.tools().communes.search(query.search)]


@app.get(_FILE, who=Caller.STUDENT, refusals=(errors.UnknownCampaign,))
def read_file(year: str, session: Session) -> FileView:
    """The file of a year: what it costs, what is done, what is next."""
    return files.my_file(session.subject, parse_year(year), tools=wiring.tools())


@app.put(
    f"{_FILE}/study-city",
    who=Caller.STUDENT,
    refusals=(
        errors.UnknownCampaign,
        errors.CampaignNotOpen,
        errors.AccountBlocked,
        errors.AlreadyInOrder,
        errors.Stale,
    ),
)
def prepare_file(year: str, session: Session, body: FilePrepared) -> FileView:
    """Choose the study city, which decides the Crous, and accept the personal-data terms."""
    return files.prepare_file(
        session.subject,
        parse_year(year),
        commune=body.commune,
        postcode=body.postcode,
        terms_version=body.terms_version,
        tools=wiring.tools(),
    )


@app.post(
    f"{_FILE}/card-payments",
    who=Caller.STUDENT,
    status=HTTPStatus.CREATED,
    refusals=(
        errors.UnknownCampaign,
        errors.CampaignNotOpen,
        errors.AccountBlocked,
        errors.FileNotReady,
        errors.AlreadyInOrder,
        errors.PageOpening,
        errors.CardProviderUnavailable,
        errors.Stale,
    ),
)
def pay_by_card(year: str, session: Session, request: Request) -> PageOffered:
    """Get the card provider's page to pay on: the one already open for this file, or a new one."""
    return pay.pay_by_card(session.subject, parse_year(year), language_of(request), tools=wiring.tools())


@app.get(
    "/api/v1/payments/{payment}",
    who=Caller.STUDENT,
    refusals=(errors.UnknownPayment, errors.CardProviderUnavailable, errors.Stale),
)
def read_payment(payment: str, session: Session) -> PaymentView:
    """Where a payment stands, after asking the provider."""
    return pay.read_payment(payment, person_id=session.subject, tools=wiring.tools())


@app.get("/fr/payments/{payment}", who=Caller.ANYONE)
@app.get("/en/payments/{payment}", who=Caller.ANYONE)
def return_page(payment: str) -> Response:
    """Where the provider sends the payer back to. It shows the outcome and nothing about anybody."""
    found = pay.read_payment(payment, tools=wiring.tools())
    return page("payment", app=app, path=f"/payments/{found.payment}", payment=found, year=year_label(found.year))


@app.post("/api/v1/card-notifications", who=Caller.PROVIDER, refusals=(errors.ForgedNotification,))
def take_notification(request: Request) -> Accepted:
    """The card provider says that something happened; what it points at will be looked into."""
    watch.take_notification(request.headers, raw_body(request), tools=wiring.tools())
    return Accepted()


@app.background.message
def look_into(message: Mapping[str, Any]) -> None:
    """A notification to look into."""
    watch.look_into(message["payment"], tools=wiring.tools())


@app.background.task("reconcile")
def reconcile() -> Round:
    """Every few minutes: whatever is still open is asked about again."""
    return watch.reconcile(tools=wiring.tools())
