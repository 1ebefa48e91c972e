"""Step 2: verification codes, passwords, sessions and the sign-in address."""

from http import HTTPStatus
from typing import Annotated

from chalice import Response
from chalice.app import Request
from cvec import wiring
from cvec.domain import errors
from cvec.domain.errors import Refusal
from cvec.domain.sessions import SIGNED_IN_FOR, Session
from cvec.usecases import address_change, address_reminders, not_me, passwords, register, sessions, verify
from cvec.usecases import sign_in as signing_in
from cvec.usecases.answers import Accepted, RegistrationView
from cvec.usecases.answers_account import OpenSession, SessionView
from cvec.web.answers import Answer
from cvec.web.callers import Caller, cookie_header
from cvec.web.devices import device_cookie, device_cookie_header, device_label
from cvec.web.forms import CodeTyped, Credentials, NothingTyped, PasswordChosen, PasswordForm, PasswordLinkAsked
from cvec.web.forms_account import AddressForgotten, NewAddress, NewAddressConfirmed
from cvec.web.pages import page
from cvec.web.problems import status_of
from cvec.web.step_app import StepApp

app = StepApp("verify", tools=wiring.tools)

_CODES, _SESSION, _SESSIONS = "/api/v1/verification-codes", "/api/v1/session", "/api/v1/sessions"
_ACCOUNT = "/api/v1/account"
_LINK_REFUSALS = (errors.UnknownLink, errors.LinkUsed, errors.LinkExpired, errors.UnfitPassword, errors.Stale)
_NEW_ADDRESS_REFUSALS = (errors.WrongCredentials, errors.TooManySignIns, errors.TooManyCodes, errors.Stale)


def _registration(session: Session) -> RegistrationView:
    """What a repeated request is answered: what was typed is read again, never kept with an answer."""
    return register.read_registration(session.subject, tools=wiring.tools())


@app.post(
    _CODES,
    who=Caller.DRAFT,
    again=_registration,
    refusals=(errors.TooManyCodes, errors.EmailNotVerified, errors.Stale),
)
def send_code(session: Session) -> RegistrationView:
    """Send a new verification code, which replaces the last one."""
    return verify.send_code_again(session.subject, tools=wiring.tools())


@app.post(
    f"{_CODES}/confirmation",
    who=Caller.DRAFT,
    again=_registration,
    refusals=(errors.WrongCode, errors.CodeExpired, errors.TooManyGuesses, errors.Stale),
)
def confirm_code(session: Session, body: CodeTyped) -> RegistrationView:
    """Confirm the address with the code it received."""
    return verify.confirm_email(session.subject, body.code, tools=wiring.tools())


@app.post(
    "/api/v1/password-links",
    who=Caller.ANYONE,
    status=HTTPStatus.ACCEPTED,
    refusals=(errors.TooManyCodes, errors.Stale),
)
def send_password_link(body: PasswordLinkAsked) -> Accepted:
    """Mail a link to choose a new password, if the address has an account; the answer is the same if it has none."""
    passwords.send_password_link(body.email, tools=wiring.tools())
    return Accepted()


@app.post(
    "/api/v1/address-reminders",
    who=Caller.ANYONE,
    status=HTTPStatus.ACCEPTED,
    refusals=(errors.TooManyReminders, errors.Stale),
)
def remind_address(body: AddressForgotten) -> Accepted:
    """Mail the sign-in address to itself, if somebody has this INE and birth date; the answer is the same if not."""
    address_reminders.remind_address(body.ine, body.birth_date, tools=wiring.tools())
    return Accepted()


@app.put("/api/v1/password", who=Caller.ANYONE, refusals=_LINK_REFUSALS)
def set_password(body: PasswordChosen) -> Accepted:
    """Set the password with the mailed link's token; every open session ends."""
    passwords.set_password(body.token, body.password, tools=wiring.tools())
    return Accepted()


@app.post(
    _SESSION,
    who=Caller.ANYONE,
    status=HTTPStatus.CREATED,
    refusals=(errors.WrongCredentials, errors.TooManySignIns, errors.Stale),
)
def sign_in(body: Credentials, request: Request) -> Annotated[Answer, SessionView]:
    """Sign in; the session's cookie lasts 12 hours."""
    device = device_label(request.headers.get("user-agent", ""))
    known = device_cookie(request.headers)
    signed = signing_in.sign_in(body.email, body.password, device=device, device_cookie=known, tools=wiring.tools())
    opened = cookie_header(Caller.STUDENT, signed.cookie, max_age_seconds=int(SIGNED_IN_FOR.total_seconds()))
    who = signing_in.who_is_signed_in(signed.session, tools=wiring.tools())
    return Answer(who, cookies=(opened, device_cookie_header(signed.device_token)))


@app.get(_SESSION, who=Caller.STUDENT)
def read_session(session: Session) -> SessionView:
    """Who is signed in."""
    return signing_in.who_is_signed_in(session, tools=wiring.tools())


@app.delete(_SESSION, who=Caller.STUDENT, status=HTTPStatus.NO_CONTENT, refusals=(errors.Stale,))
def sign_out(session: Session) -> Annotated[Answer, None]:
    """Sign out."""
    signing_in.sign_out(session, tools=wiring.tools())
    return Answer(None, cookies=(cookie_header(Caller.STUDENT, "", max_age_seconds=0),))


@app.get(_SESSIONS, who=Caller.STUDENT)
def list_sessions(session: Session) -> list[OpenSession]:
    """The browsers in which one is signed in."""
    return sessions.list_sessions(session, tools=wiring.tools())


@app.delete(f"{_SESSIONS}/{{session_id}}", who=Caller.STUDENT, status=HTTPStatus.NO_CONTENT, refusals=(errors.Stale,))
def end_session(session: Session, session_id: str) -> None:
    """Sign out of one browser."""
    sessions.end_session(session, session_id, tools=wiring.tools())


@app.delete(_SESSIONS, who=Caller.STUDENT, status=HTTPStatus.NO_CONTENT, refusals=(errors.Stale,))
def end_other_sessions(session: Session) -> None:
    """Sign out of every other browser."""
    sessions.end_other_sessions(session, tools=wiring.tools())


@app.put(f"{_ACCOUNT}/email", who=Caller.STUDENT, status=HTTPStatus.ACCEPTED, refusals=_NEW_ADDRESS_REFUSALS)
def ask_new_address(session: Session, body: NewAddress) -> Accepted:
    """Send a code to the address to sign in with from now on; the answer is the same if that address has an account."""
    address_change.ask_new_address(session, body.email, body.password, tools=wiring.tools())
    return Accepted()


@app.post(
    f"{_ACCOUNT}/email/confirmation",
    who=Caller.STUDENT,
    refusals=(errors.WrongCode, errors.CodeExpired, errors.TooManyGuesses, errors.AddressTaken, errors.Stale),
)
def confirm_new_address(session: Session, body: NewAddressConfirmed) -> Accepted:
    """Sign in with the new address from now on; both addresses are told, and every other session ends."""
    address_change.confirm_new_address(session, body.code, tools=wiring.tools())
    return Accepted()


@app.get("/fr/not-me/{token}", who=Caller.ANYONE)
@app.get("/en/not-me/{token}", who=Caller.ANYONE)
def not_me_page(token: str) -> Response:
    """The button that the mailed link leads to. Opening it changes nothing: mail scanners do."""
    return _not_me_page(token)


@app.post("/fr/not-me/{token}", who=Caller.ANYONE)
@app.post("/en/not-me/{token}", who=Caller.ANYONE)
def not_me_form(token: str, form: NothingTyped) -> Response:
    """Lock everybody out, and mail the owner the way back in."""
    del form
    try:
        not_me.take_access_back(token, tools=wiring.tools())
    except Refusal as refusal:
        return _not_me_page(token, refusal=refusal)
    return _not_me_page(token, is_done=True)


def _not_me_page(token: str, *, refusal: Refusal | None = None, is_done: bool = False) -> Response:
    status = status_of(type(refusal)) if refusal else HTTPStatus.OK
    return page("not_me", app=app, path=f"/not-me/{token}", status=status, refusal=refusal, is_done=is_done)


@app.get("/fr/password/{token}", who=Caller.ANYONE)
@app.get("/en/password/{token}", who=Caller.ANYONE)
def password_page(token: str) -> Response:
    """The form that the mailed link opens. Opening it changes nothing: mail scanners do."""
    return _password_page(token)


@app.post("/fr/password/{token}", who=Caller.ANYONE)
@app.post("/en/password/{token}", who=Caller.ANYONE)
def password_form(token: str, form: PasswordForm) -> Response:
    """Set the password, or say on the same page why not."""
    try:
        passwords.set_password(token, form.password, tools=wiring.tools())
    except Refusal as refusal:
        return _password_page(token, refusal=refusal)
    return _password_page(token, is_done=True)


def _password_page(token: str, *, refusal: Refusal | None = None, is_done: bool = False) -> Response:
    return page(
        "password",
        app=app,
        path=f"/password/{token}",
        status=status_of(type(refusal)) if refusal else HTTPStatus.OK,
        refusal=refusal,
        is_done=is_done,
        policy=wiring.tools().house.password_policy,
    )
