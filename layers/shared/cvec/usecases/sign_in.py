"""Signing in and out: one answer to strangers, a lock that always ends, and a word to the owner about a new browser."""

from typing import NamedTuple

from cvec.domain.accounts import Account, Person
from cvec.domain.errors import NotSignedIn, TooManySignIns, WrongCredentials
from cvec.domain.limits import SIGN_INS_FAILED, Quota
from cvec.domain.passwords import normalized
from cvec.domain.sessions import Holder, Session
from cvec.ports import Tools
from cvec.usecases import keys
from cvec.usecases.again import again_if_stale
from cvec.usecases.answers_account import SessionView
from cvec.usecases.claims import NOBODY, find_holder
from cvec.usecases.devices import device_token, seen_device
from cvec.usecases.quotas import spend
from cvec.usecases.sessions import opened_session, surplus_sessions


class SignedIn(NamedTuple):
    """An open session, its cookie's value, and the token by which the browser is known from now on."""

    session: Session
    cookie: str
    device_token: str


@again_if_stale
def sign_in(email: str, password: str, *, device: str | None = None, device_cookie: str = "", tools: Tools) -> SignedIn:
    """Open a session. Unknown address and wrong password are one answer and take one time.

    `device` is what its owner will see of the browser, if anything is known of it. One that shows no `device_cookie`
    known for this person is told to them by mail. Raises WrongCredentials, TooManySignIns.
    """
    account, person, quota = _recognised(email, password, tools=tools)
    session, cookie = opened_session(Holder.STUDENT, account.person_id, device=device, tools=tools)
    token = device_token(device_cookie, tools=tools)
    seen, forgotten = seen_device(person, token, label=device, tools=tools)
    # the account's next version: if a reset sets another password meanwhile, one of the two decides again
    surplus = surplus_sessions(account.person_id, tools=tools)
    tools.store.commit(session, account.seen(session.opened_at), *seen, erase=[quota, *surplus, *forgotten])
    return SignedIn(session, cookie, token)


@again_if_stale
def sign_out(session: Session, *, tools: Tools) -> None:
    """End the session; doing it twice is the same."""
    current = tools.store.find(Session, *session.key)
    if current:
        tools.store.commit(erase=[current])


def who_is_signed_in(session: Session, *, tools: Tools) -> SessionView:
    """Whose session it is. Raises NotSignedIn."""
    person = tools.store.find(Person, session.subject)
    if person is None:
        raise NotSignedIn
    return SessionView(
        email=person.email, first_name=person.identity.first_name, ine=person.ine, expires_at=session.expires_at
    )


def check_own_password(person: Person, password: str, *, tools: Tools) -> None:
    """Make sure that whoever has the session also knows the password. Raises WrongCredentials, TooManySignIns."""
    _, _, quota = _recognised(person.email, password, tools=tools)
    tools.store.commit(erase=[quota])


def _recognised(email: str, password: str, *, tools: Tools) -> tuple[Account, Person, Quota]:
    """Whose address and password these are, and the try that was spent on it, to be given back."""
    key = keys.email_key(email, tools=tools)
    quota = spend(SIGN_INS_FAILED, key, TooManySignIns, tools=tools)
    tools.store.commit(quota)
    holder = find_holder(keys.EMAIL, key, tools=tools) or NOBODY
    account, person = tools.store.find(Account, holder), tools.store.find(Person, holder)
    is_right = tools.passwords.verify(normalized(password), account.password_hash if account else None)
    if not is_right or account is None or person is None:
        raise WrongCredentials
    return account, person, quota
