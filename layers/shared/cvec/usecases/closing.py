"""The end of an account: closed by its holder or after three years unseen, erased thirty days later.

What the law wants kept stays (payments, certificates, and histories without names); the rest is erased.
"""

from cvec.domain.accounts import ERASED_AFTER, Account, Claim, Person
from cvec.domain.corrections import Correction
from cvec.domain.devices import KnownDevice
from cvec.domain.errors import ClosingMustWait, NotSignedIn, TooManySignIns, WrongCredentials
from cvec.domain.facts import Fact
from cvec.domain.files import File
from cvec.domain.limits import SIGN_INS_FAILED
from cvec.domain.mails import Template
from cvec.domain.model import Row
from cvec.domain.passwords import normalized
from cvec.domain.payments import Payment
from cvec.domain.sessions import Session
from cvec.ports import Tools
from cvec.usecases import keys
from cvec.usecases.again import again_if_stale
from cvec.usecases.outbox import mail
from cvec.usecases.quotas import spend
from cvec.usecases.watch import Round, go_round


@again_if_stale
def close_account(person_id: str, password: str, *, tools: Tools) -> None:
    """The holder closes it, with their password. Their address and INE are free again at once.

    Raises WrongCredentials, TooManySignIns, ClosingMustWait while a payment page may still take money.
    """
    account, person = tools.store.find(Account, person_id), tools.store.find(Person, person_id)
    if account is None or person is None or account.is_closed:
        raise NotSignedIn
    quota = spend(SIGN_INS_FAILED, keys.email_key(person.email, tools=tools), TooManySignIns, tools=tools)
    tools.store.commit(quota)
    if not tools.passwords.verify(normalized(password), account.password_hash):
        raise WrongCredentials
    if _may_still_pay(person_id, tools=tools):
        raise ClosingMustWait
    _close(account, person, "student", quota, tools=tools)


def tend_accounts(*, tools: Tools) -> Round:
    """Warn of, close and erase the accounts whose day has come."""
    return go_round([(_tend, account.key) for account in tools.store.due(Account, tools.clock.now())], tools=tools)


@again_if_stale
def _tend(person_id: str, *, tools: Tools) -> None:
    account, now = tools.store.find(Account, person_id), tools.clock.now()
    if account is None or account.look_at is None or account.look_at > now:
        return
    person = tools.store.find(Person, person_id)
    if account.is_closed or person is None:
        _erase(account, person, tools=tools)
    elif account.is_warned:
        _close(account, person, "service", tools=tools)
    else:
        _warn(account, person, tools=tools)


def _warn(account: Account, person: Person, *, tools: Tools) -> None:
    """One mail, with the day of the closing; signing in once is enough to stop it."""
    closes_at = account.closes_at or tools.clock.now()
    told = mail(Template.ACCOUNT_INACTIVE, to=person.email, tools=tools, until=closes_at.isoformat())
    tools.store.commit(account.next(is_warned=True, look_at=closes_at), told)


def _close(account: Account, person: Person, actor: str, *spent: Row, tools: Tools) -> None:
    now = tools.clock.now()
    closed = account.noted(
        Fact.ACCOUNT_CLOSED, at=now, actor=actor, password_hash=None, closed_at=now, look_at=now + ERASED_AFTER
    )
    told = mail(Template.ACCOUNT_CLOSED, to=person.email, tools=tools, until=(now + ERASED_AFTER).isoformat())
    known = [*tools.store.all(Session, person.id), *tools.store.all(KnownDevice, person.id)]
    ended = [*known, *_claims(person, tools=tools), *spent]
    tools.store.commit(*closed, told, erase=ended)


def _claims(person: Person, *, tools: Tools) -> list[Claim]:
    """Their claims on an address and an INE, which others may make from now on."""
    names = ((keys.EMAIL, keys.email_key(person.email, tools=tools)), (keys.INE, keys.ine_key(person.ine, tools=tools)))
    found = (tools.store.find(Claim, *name) for name in names)
    return [claim for claim in found if claim and claim.holder == (person.id,)]


def _erase(account: Account, person: Person | None, *, tools: Tools) -> None:
    """Nothing that says who they were is kept, but what the law of accounts wants in certificates and payments."""
    erased = account.noted(Fact.ACCOUNT_ERASED, at=tools.clock.now(), actor="service", look_at=None)
    correction = tools.store.find(Correction, account.person_id)
    tools.store.commit(*erased, erase=[row for row in (person, correction) if row])


def _may_still_pay(person_id: str, *, tools: Tools) -> bool:
    files = tools.store.all(File, person_id)
    payments = [tools.store.find(Payment, file.current_payment) for file in files if file.current_payment]
    return any(payment is not None and payment.is_open for payment in payments)
