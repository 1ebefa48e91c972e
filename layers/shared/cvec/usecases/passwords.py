"""Passwords: set with a mailed link that serves once, as often as one is forgotten."""

from cvec.domain.accounts import Account, Person
from cvec.domain.errors import LinkUsed, TooManyCodes, UnknownLink
from cvec.domain.facts import Fact
from cvec.domain.limits import PASSWORD_LINKS
from cvec.domain.mails import Template
from cvec.domain.model import Row
from cvec.domain.passwords import check_password, normalized
from cvec.domain.sessions import LinkPurpose, Session
from cvec.ports import Tools
from cvec.usecases import keys
from cvec.usecases.again import again_if_stale
from cvec.usecases.claims import find_holder
from cvec.usecases.links import one_use_link, usable_link
from cvec.usecases.not_me import not_me_link
from cvec.usecases.outbox import mail
from cvec.usecases.quotas import spend


@again_if_stale
def send_password_link(email: str, *, tools: Tools) -> None:
    """Mail a link to set a new password, if the address has an account; say nothing if it has none.

    Raises TooManyCodes, for known and unknown addresses alike.
    """
    key = keys.email_key(email, tools=tools)
    quota = spend(PASSWORD_LINKS, key, TooManyCodes, tools=tools)
    holder = find_holder(keys.EMAIL, key, tools=tools)
    if holder is None:
        tools.store.commit(quota)
        return
    link, token_id = one_use_link(LinkPurpose.PASSWORD, holder, mailbox=key, tools=tools)
    tools.store.commit(quota, link, mail(Template.PASSWORD_LINK, to=email, tools=tools, link=token_id))


@again_if_stale
def set_password(token: str, password: str, *, tools: Tools) -> None:
    """Set the password with the mailed link, which serves once, and end every open session.

    A link mailed to an address that has been left since is over.

    Raises UnknownLink, LinkUsed, LinkExpired, UnfitPassword.
    """
    link = usable_link(token, LinkPurpose.PASSWORD, tools=tools)
    person = tools.store.find(Person, link.subject)
    account = tools.store.find(Account, link.subject)
    if person is None or account is None or account.is_closed:
        raise UnknownLink
    if link.mailbox not in (None, keys.email_key(person.email, tools=tools)):
        raise LinkUsed
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
    told = _told_of_change(person, account, tools=tools)
    sessions = tools.store.all(Session, person.id)
    tools.store.commit(link.next(used_at=now), renewed, entry, *told, erase=sessions)


def _told_of_change(person: Person, account: Account, *, tools: Tools) -> tuple[Row, ...]:
    """A mail about a password that replaces another, with the way back; the first one is no news."""
    if account.password_hash is None:
        return ()
    link, token_id = not_me_link(person.id, tools=tools)
    at = tools.clock.now().isoformat()
    return link, mail(Template.PASSWORD_CHANGED, to=person.email, tools=tools, link=token_id, at=at)


def _own_words(person: Person) -> tuple[str, ...]:
    return (person.email, person.email.partition("@")[0], person.ine, *person.identity.names.values(), "cvec")
