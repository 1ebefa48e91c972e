"""Step 1: a registration under way, screen by screen, then an account; and the contract of the whole API."""

import json
from http import HTTPStatus
from pathlib import Path
from typing import Annotated

from chalice import Response
from chalice.app import Request
from cvec import wiring
from cvec.domain import errors
from cvec.domain.contact import Contact
from cvec.domain.identity import Identity
from cvec.domain.institution import Institution
from cvec.domain.refusal import Refusal
from cvec.domain.registration import LIFE
from cvec.domain.sessions import Session
from cvec.usecases import closing, corrections, draft_time, export, institutions, profile, register, resume, verify
from cvec.usecases.answers import Accepted, RegistrationView
from cvec.usecases.export import Export
from cvec.usecases.institutions import InstitutionView
from cvec.usecases.profile import ProfileView
from cvec.usecases.watch import Round
from cvec.web.answers import Answer
from cvec.web.callers import Caller, cookie_header
from cvec.web.forms import (
    ClosingAsked,
    EmailGiven,
    IneGiven,
    InstitutionSearch,
    NothingTyped,
    ResumeLinkAsked,
    ResumeToken,
)
from cvec.web.pages import page
from cvec.web.problems import status_of
from cvec.web.step_app import StepApp, language_of

app = StepApp("register", tools=wiring.tools)

_DRAFT, _PROFILE = "/api/v1/registration", "/api/v1/profile"
_KEPT = (errors.ChangedElsewhere, errors.Stale)


@app.post(_DRAFT, who=Caller.ANYONE, status=HTTPStatus.CREATED)
def start_registration(request: Request) -> Annotated[Answer, RegistrationView]:
    """Begin a registration; a cookie keeps it within reach of this browser for 14 days."""
    view, cookie = register.start_registration(language_of(request), tools=wiring.tools())
    return Answer(view, cookies=(_opened(cookie),))


@app.get(_DRAFT, who=Caller.DRAFT)
def read_registration(session: Session) -> RegistrationView:
    """What was sent so far, and what is missing."""
    return register.read_registration(session.subject, tools=wiring.tools())


@app.put(f"{_DRAFT}/identity", who=Caller.DRAFT, refusals=_KEPT)
def save_identity(session: Session, body: Identity, seen: int | None) -> RegistrationView:
    """Keep the identity screen."""
    return register.save_identity(session.subject, body, seen=seen, tools=wiring.tools())


@app.put(f"{_DRAFT}/email", who=Caller.DRAFT, refusals=(errors.TooManyCodes, *_KEPT))
def save_email(session: Session, body: EmailGiven, seen: int | None) -> RegistrationView:
    """Keep the address and send it a verification code."""
    return verify.give_email(session.subject, body.email, seen=seen, tools=wiring.tools())


@app.put(f"{_DRAFT}/ine", who=Caller.DRAFT, refusals=(errors.IneHeld, errors.TooManyGuesses, *_KEPT))
def save_ine(session: Session, body: IneGiven, seen: int | None) -> RegistrationView:
    """Keep the national student number."""
    return register.save_ine(session.subject, body.ine, seen=seen, tools=wiring.tools())


@app.get("/api/v1/institutions", who=Caller.ANYONE)
def search_institutions(query: InstitutionSearch) -> list[InstitutionView]:
    """Find an institution by its department, by the beginnings of words of its name, or both."""
    return institutions.search_institutions(query.search, query.department, tools=wiring.tools())


@app.put(f"{_DRAFT}/institution", who=Caller.DRAFT, refusals=_KEPT)
def save_institution(session: Session, body: Institution, seen: int | None) -> RegistrationView:
    """Keep the institution screen."""
    return register.save_institution(session.subject, body, seen=seen, tools=wiring.tools())


@app.put(f"{_DRAFT}/contact", who=Caller.DRAFT, refusals=_KEPT)
def save_contact(session: Session, body: Contact, seen: int | None) -> RegistrationView:
    """Keep the contact screen."""
    return register.save_contact(session.subject, body, seen=seen, tools=wiring.tools())


@app.post(
    f"{_DRAFT}/completion",
    who=Caller.DRAFT,
    again=read_registration,
    refusals=(
        errors.RegistrationIncomplete,
        errors.EmailNotVerified,
        errors.IneHeld,
        errors.AddressTaken,
        errors.Stale,
    ),
)
def complete_registration(session: Session) -> RegistrationView:
    """Make the account; a mail brings the link to set its password. Sending it again changes nothing."""
    return register.complete_registration(session.subject, tools=wiring.tools())


@app.post(
    f"{_DRAFT}/resume-links",
    who=Caller.ANYONE,
    status=HTTPStatus.ACCEPTED,
    refusals=(errors.TooManyCodes, errors.Stale),
)
def send_resume_link(body: ResumeLinkAsked) -> Accepted:
    """Mail a link to go on elsewhere with the registration of this address; the answer is the same if there is none."""
    resume.send_resume_link(body.email, tools=wiring.tools())
    return Accepted()


@app.post(
    f"{_DRAFT}/resumption",
    who=Caller.ANYONE,
    status=HTTPStatus.CREATED,
    refusals=(errors.UnknownLink, errors.LinkUsed, errors.LinkExpired, errors.Stale),
)
def resume_registration(body: ResumeToken) -> Annotated[Answer, RegistrationView]:
    """Go on in this browser with the mailed link's token, which serves once."""
    view, cookie = resume.resume_registration(body.token, tools=wiring.tools())
    return Answer(view, cookies=(_opened(cookie),))


@app.get("/fr/resume/{token}", who=Caller.ANYONE)
@app.get("/en/resume/{token}", who=Caller.ANYONE)
def resume_page(token: str) -> Response:
    """The button that the mailed link leads to. Opening it changes nothing: mail scanners do."""
    return _resume_page(token)


@app.post("/fr/resume/{token}", who=Caller.ANYONE)
@app.post("/en/resume/{token}", who=Caller.ANYONE)
def resume_form(token: str, form: NothingTyped) -> Response:
    """Go on in this browser and say what is missing, or say why not."""
    del form
    try:
        view, cookie = resume.resume_registration(token, tools=wiring.tools())
    except Refusal as refusal:
        return _resume_page(token, refusal=refusal)
    said = _resume_page(token, view=view)
    said.headers["Set-Cookie"] = _opened(cookie)
    return said


def _resume_page(token: str, *, view: RegistrationView | None = None, refusal: Refusal | None = None) -> Response:
    status = status_of(type(refusal)) if refusal else HTTPStatus.OK
    return page("resume", app=app, path=f"/resume/{token}", status=status, view=view, refusal=refusal)


def _opened(cookie: str) -> str:
    return cookie_header(Caller.DRAFT, cookie, max_age_seconds=int(LIFE.total_seconds()))


@app.background.task("tend_drafts")
def tend_drafts() -> Round:
    """Every hour: drafts that end soon are told of, and those that have ended erased."""
    return draft_time.tend_drafts(tools=wiring.tools())


@app.get(_PROFILE, who=Caller.STUDENT)
def read_profile(session: Session) -> ProfileView:
    """What we hold about you, part by part, and the correction that waits, if any."""
    return profile.my_profile(session.subject, tools=wiring.tools())


@app.put(f"{_PROFILE}/identity", who=Caller.STUDENT, refusals=(errors.AccountBlocked, errors.Stale))
def change_identity(session: Session, body: Identity) -> ProfileView:
    """Modify the identity; once a certificate prints it, what is printed waits for an agent."""
    return profile.change_identity(session.subject, body, tools=wiring.tools())


@app.put(f"{_PROFILE}/institution", who=Caller.STUDENT, refusals=(errors.AccountBlocked, errors.Stale))
def change_institution(session: Session, body: Institution) -> ProfileView:
    """Modify the institution; a certificate is good for any."""
    return profile.change_institution(session.subject, body, tools=wiring.tools())


@app.put(f"{_PROFILE}/contact", who=Caller.STUDENT, refusals=(errors.AccountBlocked, errors.Stale))
def change_contact(session: Session, body: Contact) -> ProfileView:
    """Modify how to reach you."""
    return profile.change_contact(session.subject, body, tools=wiring.tools())


@app.put(
    f"{_PROFILE}/ine",
    who=Caller.STUDENT,
    refusals=(errors.IneHeld, errors.TooManyGuesses, errors.AccountBlocked, errors.Stale),
)
def change_ine(session: Session, body: IneGiven) -> ProfileView:
    """Modify the national student number; once a certificate prints it, that waits for an agent."""
    return profile.change_ine(session.subject, body.ine, tools=wiring.tools())


@app.delete(
    f"{_PROFILE}/correction",
    who=Caller.STUDENT,
    status=HTTPStatus.NO_CONTENT,
    refusals=(errors.NoCorrection, errors.Stale),
)
def withdraw_correction(session: Session) -> None:
    """Ask no more for the correction that waits."""
    corrections.withdraw_correction(session.subject, tools=wiring.tools())


@app.get("/api/v1/export", who=Caller.STUDENT)
def export_everything(session: Session) -> Export:
    """Everything held about you, to take away."""
    return export.export_everything(session.subject, tools=wiring.tools())


@app.put(
    "/api/v1/account/closing",
    who=Caller.STUDENT,
    status=HTTPStatus.ACCEPTED,
    refusals=(errors.WrongCredentials, errors.TooManySignIns, errors.ClosingMustWait, errors.Stale),
)
def close_account(session: Session, body: ClosingAsked) -> Accepted:
    """Close the account, with its password; a mail says when it is erased."""
    closing.close_account(session.subject, body.password, tools=wiring.tools())
    return Accepted()


@app.background.task("tend_accounts")
def tend_accounts() -> Round:
    """Every day: warn of, close and erase the accounts whose day has come."""
    return closing.tend_accounts(tools=wiring.tools())


@app.get("/openapi.json", who=Caller.ANYONE)
def read_contract() -> Response:
    """The contract of the API."""
    contract = json.loads((Path(wiring.__file__).parent / "data" / "openapi.json").read_text(encoding="utf-8"))
    return Response(body=contract, headers={"Content-Type": "application/json", "Cache-Control": "public, max-age=300"})
