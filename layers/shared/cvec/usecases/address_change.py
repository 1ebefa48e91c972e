"""Another sign-in address: asked for with the password, proved by a code, told to both, and undone for seven days."""

from cvec.domain.accounts import Account, Person
from cvec.domain.codes import FEW_TRIES, CodePurpose, VerificationCode
from cvec.domain.email import masked
from cvec.domain.errors import (
    AddressTaken,
    CodeExpired,
    FieldError,
    InvalidFields,
    NotSignedIn,
    TooManyCodes,
    TooManyGuesses,
    WrongCode,
)
from cvec.domain.facts import Fact
from cvec.domain.limits import ADDRESS_CHANGES, CODES_SENT, CODES_TRIED
from cvec.domain.mails import Template
from cvec.domain.sessions import Session
from cvec.ports import Tools
from cvec.usecases import keys
from cvec.usecases.again import again_if_stale
from cvec.usecases.claims import claimed, find_holder, released
from cvec.usecases.not_me import not_me_link
from cvec.usecases.outbox import mail
from cvec.usecases.quotas import spend, tries_left
from cvec.usecases.sessions import other_sessions
from cvec.usecases.sign_in import check_own_password
from cvec.usecases.tokens import code_letters, same_secret

MAX_UNDOABLE = 50
"""More changes than the limit allows in the seven days that each may be undone."""


@again_if_stale
def ask_new_address(session: Session, email: str, password: str, *, tools: Tools) -> None:
    """Send a code to the new address; where that one has an account, its owner is told instead.

    The caller hears the same either way. Raises WrongCredentials, TooManySignIns, TooManyCodes, InvalidFields where it
    is the address they have.
    """
    person = _owner(session, tools=tools)
    check_own_password(person, password, tools=tools)
    key = keys.email_key(email, tools=tools)
    if key == keys.email_key(person.email, tools=tools):
        raise InvalidFields(FieldError("email", "unchanged"))
    quotas = (
        spend(CODES_SENT, key, TooManyCodes, tools=tools),
        spend(ADDRESS_CHANGES, person.id, TooManyCodes, tools=tools),
    )
    code = _new_code(person, email, tools=tools)
    has_account = find_holder(keys.EMAIL, key, tools=tools) is not None
    template = Template.ALREADY_REGISTERED if has_account else Template.NEW_EMAIL_CODE
    tools.store.commit(code, *quotas, mail(template, to=email, tools=tools, code=code.id))


@again_if_stale
def confirm_new_address(session: Session, letters: str, *, tools: Tools) -> None:
    """Sign in with the new address from now on: its code came back. Every other session ends.

    Raises CodeExpired, WrongCode, TooManyGuesses, and AddressTaken where an account was made with it meanwhile.
    """
    account = tools.store.find(Account, session.subject)
    person = _owner(session, tools=tools)
    if account is None:
        raise NotSignedIn
    code = _proved(person, letters, tools=tools)
    key, left = (keys.email_key(email, tools=tools) for email in (code.email, person.email))
    if find_holder(keys.EMAIL, key, tools=tools):
        raise AddressTaken
    link, token_id = not_me_link(person.id, former_email=person.email, tools=tools)
    undoable = (*account.undoable, link.digest)[-MAX_UNDOABLE:]
    changed, entry = account.noted(Fact.EMAIL_CHANGED, at=tools.clock.now(), actor="student", undoable=undoable)
    tools.store.commit(
        person.next(email=code.email),
        changed,
        entry,
        claimed(keys.EMAIL, key, person.id, tools=tools),
        *released(keys.EMAIL, left, person.id, tools=tools),
        link,
        mail(Template.EMAIL_CHANGED, to=code.email, tools=tools),
        mail(Template.EMAIL_LEFT, to=person.email, tools=tools, link=token_id, masked=masked(code.email)),
        erase=[code, *other_sessions(session, tools=tools)],
    )


def _owner(session: Session, *, tools: Tools) -> Person:
    """Whose session it is, if it is still open: it may have been ended since the request came in."""
    person = tools.store.find(Person, session.subject)
    if person is None or tools.store.find(Session, *session.key) is None:
        raise NotSignedIn
    return person


def _new_code(person: Person, email: str, *, tools: Tools) -> VerificationCode:
    previous = tools.store.find(VerificationCode, person.id, CodePurpose.NEW_EMAIL)
    return VerificationCode(
        subject=person.id,
        purpose=CodePurpose.NEW_EMAIL,
        id=tools.chance.new_id(),
        email=email,
        sent_at=tools.clock.now(),
        version=previous.version + 1 if previous else 1,
    )


def _proved(person: Person, letters: str, *, tools: Tools) -> VerificationCode:
    """The code whose letters these are; a try is spent before they are looked at."""
    code = tools.store.find(VerificationCode, person.id, CodePurpose.NEW_EMAIL)
    if code is None or code.expires_at <= tools.clock.now():
        raise CodeExpired
    quota = spend(CODES_TRIED, keys.email_key(code.email, tools=tools), TooManyGuesses, tools=tools)
    tools.store.commit(quota)
    left = tries_left(quota, CODES_TRIED)
    if not same_secret(letters, code_letters(code.id, secrets=tools.secrets)):
        raise WrongCode(**({"tries_left": left} if left <= FEW_TRIES else {}))
    return code
