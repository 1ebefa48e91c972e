"""Step 2, the mailbox is theirs and so is the account: codes, passwords, sign-in and sign-out."""

from cvec.domain.accounts import Account, Claim, Person
from cvec.domain.codes import FEW_TRIES, CodePurpose, VerificationCode
from cvec.domain.errors import (
    CodeExpired,
    EmailNotVerified,
    NotSignedIn,
    TooManyCodes,
    TooManyGuesses,
    TooManySignIns,
    UnknownLink,
    WrongCode,
    WrongCredentials,
)
from cvec.domain.facts import Fact
from cvec.domain.limits import CODES_SENT, CODES_TRIED, PASSWORD_LINKS, SIGN_INS_FAILED
from cvec.domain.mails import Template
from cvec.domain.passwords import check_password, normalized
from cvec.domain.registration import Draft, DraftState
from cvec.domain.sessions import Holder, LinkPurpose, Session
from cvec.ports import Tools
from cvec.usecases import keys
from cvec.usecases.again import again_if_stale
from cvec.usecases.answers import RegistrationView, SessionView
from cvec.usecases.links import one_use_link, usable_link
from cvec.usecases.outbox import mail
from cvec.usecases.quotas import spend, tries_left
from cvec.usecases.register import unfinished_draft
from cvec.usecases.sessions import opened_session, surplus_sessions
from cvec.usecases.tokens import code_letters, same_secret


@again_if_stale
def give_email(draft_id: str, email: str, *, tools: Tools) -> RegistrationView:
    """Keep the address and send it a code; an address that has an account gets a mail that says so, and no code.

    The answer is the same either way. Raises TooManyCodes.
    """
    draft = unfinished_draft(draft_id, tools=tools)
    if draft.email == email and draft.state is DraftState.EMAIL_VERIFIED:
        return RegistrationView.of(draft)
    return _send_code(draft.with_email(email), email, tools=tools)


@again_if_stale
def send_code_again(draft_id: str, *, tools: Tools) -> RegistrationView:
    """Send a new code, which replaces the last one. Raises TooManyCodes, EmailNotVerified where no address is known."""
    draft = unfinished_draft(draft_id, tools=tools)
    if draft.email is None:
        raise EmailNotVerified
    if draft.state is DraftState.EMAIL_VERIFIED:
        return RegistrationView.of(draft)
    return _send_code(draft.next(), draft.email, tools=tools)


@again_if_stale
def confirm_email(draft_id: str, letters: str, *, tools: Tools) -> RegistrationView:
    """The address is theirs: they typed the letters it received.

    A try is spent before the letters are looked at, so that no more than ten are ever evaluated a day, however fast.
    Raises CodeExpired, WrongCode, TooManyGuesses.
    """
    draft = unfinished_draft(draft_id, tools=tools)
    if draft.state is DraftState.EMAIL_VERIFIED:
        return RegistrationView.of(draft)
    code = _current_code(draft, tools=tools)
    quota = spend(CODES_TRIED, keys.email_key(code.email, tools=tools), TooManyGuesses, tools=tools)
    tools.store.commit(quota)
    _check_letters(code, letters, left=tries_left(quota, CODES_TRIED), tools=tools)
    confirmed = draft.confirmed()
    tools.store.commit(confirmed, erase=[code])
    return RegistrationView.of(confirmed)


@again_if_stale
def send_password_link(email: str, *, tools: Tools) -> None:
    """Mail a link to set a new password, if the address has an account; say nothing if it has none.

    Raises TooManyCodes, for known and unknown addresses alike.
    """
    key = keys.email_key(email, tools=tools)
    quota = spend(PASSWORD_LINKS, key, TooManyCodes, tools=tools)
    claim = tools.store.find(Claim, keys.EMAIL, key)
    if claim is None:
        tools.store.commit(quota)
        return
    link, token_id = one_use_link(LinkPurpose.PASSWORD, claim.holder[0], tools=tools)
    tools.store.commit(quota, link, mail(Template.PASSWORD_LINK, to=email, tools=tools, link=token_id))


@again_if_stale
def set_password(token: str, password: str, *, tools: Tools) -> None:
    """Set the password with the mailed link, which serves once, and end every open session.

    Raises UnknownLink, LinkUsed, LinkExpired, UnfitPassword.
    """
    link = usable_link(token, LinkPurpose.PASSWORD, tools=tools)
    person = tools.store.find(Person, link.subject)
    account = tools.store.find(Account, link.subject)
    if person is None or account is None or account.is_closed:
        raise UnknownLink
    secret = normalized(password)
    check_password(
        secret,
        policy=tools.house.password_policy,
        own_words=_own_words(person),
        strength=tools.passwords.strength,
    )
    now = tools.clock.now()
    renewed, entry = account.noted(
        Fact.PASSWORD_SET,
        at=now,
        actor="student",
        password_hash=tools.passwords.hash(secret),
        password_set_at=now,
    )
    sessions = tools.store.all(Session, person.id)
    tools.store.commit(link.next(used_at=now), renewed, entry, erase=sessions)


@again_if_stale
def sign_in(email: str, password: str, *, tools: Tools) -> tuple[Session, str]:
    """Open a session and its token. Unknown address and wrong password are one answer and take one time.

    Raises WrongCredentials, TooManySignIns.
    """
    key = keys.email_key(email, tools=tools)
    quota = spend(SIGN_INS_FAILED, key, TooManySignIns, tools=tools)
    tools.store.commit(quota)
    claim = tools.store.find(Claim, keys.EMAIL, key)
    account = tools.store.find(Account, claim.holder[0] if claim else "nobody")
    if not tools.passwords.verify(normalized(password), account.password_hash if account else None) or not account:
        raise WrongCredentials
    session, token = opened_session(Holder.STUDENT, account.person_id, tools=tools)
    # the account's next version: if a reset sets another password meanwhile, one of the two decides again
    surplus = surplus_sessions(account.person_id, tools=tools)
    tools.store.commit(session, account.seen(session.opened_at), erase=[quota, *surplus])
    return session, token


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


def _send_code(draft: Draft, email: str, *, tools: Tools) -> RegistrationView:
    key = keys.email_key(email, tools=tools)
    quota = spend(CODES_SENT, key, TooManyCodes, tools=tools)
    previous = tools.store.find(VerificationCode, draft.id, CodePurpose.MAIN_EMAIL)
    code = VerificationCode(
        subject=draft.id,
        purpose=CodePurpose.MAIN_EMAIL,
        id=tools.chance.new_id(),
        email=email,
        sent_at=tools.clock.now(),
        version=previous.version + 1 if previous else 1,
    )
    has_account = tools.store.find(Claim, keys.EMAIL, key) is not None
    template = Template.ALREADY_REGISTERED if has_account else Template.CODE
    tools.store.commit(draft, code, quota, mail(template, to=email, tools=tools, code=code.id))
    return RegistrationView.of(draft)


def _current_code(draft: Draft, *, tools: Tools) -> VerificationCode:
    code = tools.store.find(VerificationCode, draft.id, CodePurpose.MAIN_EMAIL)
    if code is None or code.email != draft.email or code.expires_at <= tools.clock.now():
        raise CodeExpired
    return code


def _check_letters(code: VerificationCode, letters: str, *, left: int, tools: Tools) -> None:
    if not same_secret(letters, code_letters(code.id, secrets=tools.secrets)):
        raise WrongCode(**({"tries_left": left} if left <= FEW_TRIES else {}))


def _own_words(person: Person) -> tuple[str, ...]:
    return (person.email, person.email.partition("@")[0], person.ine, *person.identity.names.values(), "cvec")
