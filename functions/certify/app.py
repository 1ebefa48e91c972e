"""Step 4: certificates are printed as ordered, given to their holder, and vouched for to whoever asks."""

from collections.abc import Mapping
from typing import Any

from chalice import Response
from cvec import wiring
from cvec.domain import errors
from cvec.domain.academic_year import parse_year, year_label
from cvec.domain.errors import MistypedNumber
from cvec.domain.sessions import Session
from cvec.usecases import certify
from cvec.usecases.answers import CertificateView, CheckAnswer
from cvec.usecases.watch import Round
from cvec.web.callers import Caller
from cvec.web.forms import CertificateCheck, CheckForm
from cvec.web.pages import page, stylesheet
from cvec.web.step_app import StepApp

app = StepApp("certify", tools=wiring.tools)


@app.get(
    "/api/v1/files/{year}/certificate",
    who=Caller.STUDENT,
    refusals=(errors.UnknownCampaign, errors.NoCertificateYet),
)
def read_certificate(year: str, session: Session) -> CertificateView:
    """The holder's certificate, with an address to download it from within a minute."""
    return certify.my_certificate(session.subject, parse_year(year), tools=wiring.tools())


@app.get("/api/v1/certificates/{number}", who=Caller.ANYONE, refusals=(errors.MistypedNumber,))
def check_certificate(number: str, query: CertificateCheck) -> CheckAnswer:
    """Whether a certificate number is good for a surname. An unknown number and a wrong surname look the same."""
    return certify.check_certificate(number, query.etudiant, tools=wiring.tools())


@app.get("/fr/certificates/{number}", who=Caller.ANYONE)
@app.get("/en/certificates/{number}", who=Caller.ANYONE)
def check_page(number: str) -> Response:
    """The page that the certificate's QR code opens: it asks for the beginning of the surname."""
    try:
        return _check_page(certify.printed_number(number))
    except MistypedNumber:
        return _check_page(number, is_mistyped=True)


@app.post("/fr/certificates/{number}", who=Caller.ANYONE)
@app.post("/en/certificates/{number}", who=Caller.ANYONE)
def check_form(number: str, form: CheckForm) -> Response:
    """The answer, on the same page: the surname travels in the form, never in an address."""
    try:
        answer = certify.check_certificate(number, form.surname, tools=wiring.tools())
    except MistypedNumber:
        return _check_page(number, is_mistyped=True)
    return _check_page(answer.number, answer=answer)


@app.get("/cvec.css", who=Caller.ANYONE)
def read_stylesheet() -> Response:
    """The pages' one stylesheet."""
    return stylesheet()


@app.background.row("certificate")
def issue(row: Mapping[str, Any]) -> None:
    """A certificate was ordered."""
    certify.issue(row["person_id"], row["year"], tools=wiring.tools())


@app.background.task("sweep")
def sweep() -> Round:
    """Every few minutes: orders that the stream has not brought."""
    return certify.issue_late_ones(tools=wiring.tools())


def _check_page(number: str, *, answer: CheckAnswer | None = None, is_mistyped: bool = False) -> Response:
    compact = number.replace(" ", "")
    return page(
        "check",
        app=app,
        path="/certificates" if is_mistyped else f"/certificates/{compact}",
        number=number,
        answer=answer,
        is_mistyped=is_mistyped,
        year=year_label(answer.academic_year) if answer and answer.academic_year else "",
    )
