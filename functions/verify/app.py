"""Step 2: verification codes, passwords and sessions."""

from http import HTTPStatus
from typing import Annotated

from chalice import Response
from cvec import wiring
from cvec.domain import errors
from cvec.domain.errors import Refusal
from cvec.domain.sessions import SIGNED_IN_FOR, Session
from cvec.usecases import register, verify
from cvec.usecases.answers import Accepted, RegistrationView, SessionView
from cvec.web.answers import Answer
from cvec.web.callers import Caller, cookie_header
from cvec.web.forms import CodeTyped, Credentials, PasswordChosen, PasswordForm, PasswordLinkAsked
from cvec.web.pages import page
from cvec.web.problems import status_of
from cvec.web.step_app import StepApp

app = StepApp("verify", tools=wiring.tools)

_CODES, _SESSION = "/api/v1/verification-codes", "/api/v1/session"
_LINK_REFUSALS = (errors.UnknownLink, errors.LinkUsed, errors.LinkExpired, errors.UnfitPassword, errors.Stale)


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
    verify.send_password_link(body.email, tools=wiring.tools())
    return Accepted()


@app.put("/api/v1/password", who=Caller.ANYONE, refusals=_LINK_REFUSALS)
def set_password(body: PasswordChosen) -> Accepted:
    """Set the password with the mailed link's token; every open session ends."""
    verify.set_password(body.token, body.password, tools=wiring.tools())
    return Accepted()


@app.post(
    _SESSION,
    who=Caller.ANYONE,
    status=HTTPStatus.CREATED,
    refusals=(errors.WrongCredentials, errors.TooManySignIns, errors.Stale),
)
def sign_in(body: Credentials) -> Annotated[Answer, SessionView]:
    """Sign in; the session's cookie lasts 12 hours."""
    session, cookie = verify.sign_in(body.email, body.password, tools=wiring.tools())
    opened = cookie_header(Caller.STUDENT, cookie, max_age_seconds=int(SIGNED_IN_FOR.total_seconds()))
    return Answer(verify.who_is_signed_in(session, tools=wiring.tools()), cookies=(opened,))


@app.get(_SESSION, who=Caller.STUDENT)
def read_session(session: Session) -> SessionView:
    """Who is signed in."""
    return verify.who_is_signed_in(session, tools=wiring.tools())


@app.delete(_SESSION, who=Caller.STUDENT, status=HTTPStatus.NO_CONTENT)
def sign_out(session: Session) -> Annotated[Answer, None]:
    """Sign out."""
    verify.sign_out(session, tools=wiring.tools())
    return Answer(None, cookies=(cookie_header(Caller.STUDENT, "", max_age_seconds=0),))


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
        verify.set_password(token, form.password, tools=wiring.tools())
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
