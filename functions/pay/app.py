"""Step 3: the file of a year, its study city, its payment by card, and the provider's word about it."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from chalice import Response
from chalice.app import Request
from cvec import wiring
from cvec.domain import errors
from cvec.domain.academic_year import parse_year, year_label
from cvec.domain.errors import Refusal
from cvec.domain.liability import Verdict, liability
from cvec.domain.sessions import Session
from cvec.usecases import files, link_time, pay, third_party, watch
from cvec.usecases import reconcile as reconciliation
from cvec.usecases.answers import Accepted, CommuneView, FileView, LinkForPayer, LinkView, PageOffered, PaymentView
from cvec.usecases.watch import Round
from cvec.web.callers import Caller
from cvec.web.forms import CommuneSearch, FilePrepared, LiabilityAsked, LinkAsked, LinkRefused, NothingTyped, RefuseForm
from cvec.web.pages import page
from cvec.web.problems import status_of
from cvec.web.step_app import StepApp, language_of, raw_body

app = StepApp("pay", tools=wiring.tools)

_FILE = "/api/v1/files/{year}"
_LINK = f"{_FILE}/payment-link"
_ASKING = (
    errors.UnknownCampaign,
    errors.CampaignNotOpen,
    errors.AccountBlocked,
    errors.FileNotReady,
    errors.AlreadyInOrder,
    errors.PageOpening,
    errors.CardProviderUnavailable,
    errors.Stale,
)


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


@app.post(f"{_FILE}/card-payments", who=Caller.STUDENT, status=HTTPStatus.CREATED, refusals=_ASKING)
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


@app.get(_LINK, who=Caller.STUDENT, refusals=(errors.UnknownCampaign, errors.PaymentLinkOver))
def read_link(year: str, session: Session) -> LinkView:
    """Where the link stands: not opened, opened, in payment, used, refused, expired or revoked."""
    return third_party.my_link(session.subject, parse_year(year), tools=wiring.tools())


@app.post(
    _LINK,
    who=Caller.STUDENT,
    status=HTTPStatus.CREATED,
    refusals=(*_ASKING, errors.TooManyLinks),
    again=read_link,
)
def ask_third_party(year: str, session: Session, request: Request, body: LinkAsked) -> LinkView:
    """The student asks someone else to pay; the link lives 48 hours and replaces the one before."""
    return third_party.ask_third_party(
        session.subject,
        parse_year(year),
        name=body.name,
        language=language_of(request),
        phrase=body.phrase,
        payer_email=body.payer_email,
        tools=wiring.tools(),
    )


@app.delete(_LINK, who=Caller.STUDENT, refusals=(*_ASKING, errors.PaymentLinkOver))
def revoke_link(year: str, session: Session) -> LinkView:
    """Take the link back; a page the payer has open is closed."""
    return third_party.revoke_link(session.subject, parse_year(year), tools=wiring.tools())


@app.get("/api/v1/payment-links/{token}", who=Caller.ANYONE, refusals=(errors.PaymentLinkOver,))
def open_link(token: str) -> LinkForPayer:
    """What a payer is asked: what is paid, for whom, how much, until when. Opening it changes nothing."""
    return third_party.open_link(token, tools=wiring.tools())


@app.post(
    "/api/v1/payment-links/{token}/acceptance",
    who=Caller.ANYONE,
    status=HTTPStatus.CREATED,
    refusals=(*_ASKING, errors.PaymentLinkOver),
)
def accept_link(token: str, request: Request) -> PageOffered:
    """The payer accepts: the card provider's page."""
    return third_party.accept_link(token, language_of(request), tools=wiring.tools())


@app.post("/api/v1/payment-links/{token}/refusal", who=Caller.ANYONE, refusals=(*_ASKING, errors.PaymentLinkOver))
def refuse_link(token: str, body: LinkRefused) -> Accepted:
    """The payer refuses, which is final; the student is told."""
    third_party.refuse_link(token, body.reason, tools=wiring.tools())
    return Accepted()


@app.get("/fr/pay/{token}", who=Caller.ANYONE)
@app.get("/en/pay/{token}", who=Caller.ANYONE)
def payer_page(token: str) -> Response:
    """The payer's page. Mail scanners open it too: nothing depends on that."""
    try:
        return _payer_page(token, link=third_party.open_link(token, tools=wiring.tools()))
    except Refusal as refusal:
        return _payer_page(token, refusal=refusal)


@app.post("/fr/pay/{token}/acceptance", who=Caller.ANYONE)
@app.post("/en/pay/{token}/acceptance", who=Caller.ANYONE)
def accept_form(token: str, request: Request, form: NothingTyped) -> Response:
    """The payer accepts: on to the card provider's page."""
    del form
    try:
        offered = third_party.accept_link(token, language_of(request), tools=wiring.tools())
    except Refusal as refusal:
        return _payer_page(token, refusal=refusal)
    return Response(body="", status_code=HTTPStatus.SEE_OTHER, headers={"Location": offered.url})


@app.post("/fr/pay/{token}/refusal", who=Caller.ANYONE)
@app.post("/en/pay/{token}/refusal", who=Caller.ANYONE)
def refuse_form(token: str, form: RefuseForm) -> Response:
    """The payer refuses, on the page."""
    try:
        third_party.refuse_link(token, form.reason, tools=wiring.tools())
    except Refusal as refusal:
        return _payer_page(token, refusal=refusal)
    return _payer_page(token, is_refused=True)


def _payer_page(
    token: str, *, link: LinkForPayer | None = None, refusal: Refusal | None = None, is_refused: bool = False
) -> Response:
    return page(
        "payer",
        app=app,
        path=f"/pay/{token}",
        status=status_of(type(refusal)) if refusal else HTTPStatus.OK,
        form_targets=wiring.tools().cards.form_action_origins,
        link=link,
        year=year_label(link.year) if link else "",
        refusal=refusal,
        is_refused=is_refused,
    )


@app.get("/api/v1/liability", who=Caller.ANYONE)
def am_i_concerned(query: LiabilityAsked) -> Verdict:
    """Who owes the contribution: three questions, one rule, its source."""
    return liability(query.training, query.place, query.stay)


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


@app.background.task("read_events")
def read_events() -> Round:
    """Every hour: everything that happened at the provider, whether or not it told us."""
    return reconciliation.read_events(tools=wiring.tools())


@app.background.task("tend_links")
def tend_links() -> Round:
    """Every few minutes: payment links whose payer must be reminded, or whose 48 hours are over."""
    return link_time.tend_links(tools=wiring.tools())


@app.background.task("close_day")
def close_day() -> Round:
    """Every night: yesterday's accounts, the provider's and ours, side by side."""
    return reconciliation.close_yesterday(tools=wiring.tools())
