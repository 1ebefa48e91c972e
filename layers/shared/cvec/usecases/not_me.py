"""This was not me: seven days to lock everybody out with a mailed link, and to have one's address back.

A link that comes with a change of address undoes it and every later one, and with them their own links: the owner of
the oldest mailbox has the last word, in whatever order the links are used.
"""

from cvec.domain.accounts import ACCOUNT, Account, Claim, Person
from cvec.domain.devices import KnownDevice
from cvec.domain.errors import FormerAddressTaken, LinkUsed, UnknownLink
from cvec.domain.facts import Fact
from cvec.domain.mails import Template
from cvec.domain.sessions import NOT_ME_LIFE, LinkPurpose, OneUseLink, Session
from cvec.ports import Tools
from cvec.usecases import keys
from cvec.usecases.again import again_if_stale
from cvec.usecases.claims import claimed, find_holder, released
from cvec.usecases.links import one_use_link, usable_link
from cvec.usecases.outbox import mail


def not_me_link(person_id: str, *, former_email: str | None = None, tools: Tools) -> tuple[OneUseLink, str]:
    """A link to commit with what its owner may say was not them, and the id that its mail needs."""
    return one_use_link(LinkPurpose.NOT_ME, person_id, life=NOT_ME_LIFE, former_email=former_email, tools=tools)


@again_if_stale
def take_access_back(token: str, *, tools: Tools) -> None:
    """End every session, drop the password, put the former address back if the link is of a change of address, and
    mail that address a link to a new password.

    Raises UnknownLink, LinkUsed, LinkExpired, FormerAddressTaken.
    """
    link = usable_link(token, LinkPurpose.NOT_ME, tools=tools)
    account, person = tools.store.find(Account, link.subject), tools.store.find(Person, link.subject)
    if account is None or person is None or not ACCOUNT.allows(account.state, Fact.ACCESS_TAKEN_BACK):
        raise UnknownLink
    owner, claims = _put_back(person, link, account, tools=tools)
    locked, entry = account.noted(
        Fact.ACCESS_TAKEN_BACK,
        at=tools.clock.now(),
        actor="student",
        about={"is_address_put_back": int(link.former_email is not None)},
        password_hash=None,
        password_set_at=None,
        undoable=_undoable_before(link, account),
    )
    mailbox = keys.email_key(owner.email, tools=tools)
    way_in, token_id = one_use_link(LinkPurpose.PASSWORD, owner.id, mailbox=mailbox, tools=tools)
    used = link.next(used_at=tools.clock.now(), former_email=None)
    said = mail(Template.ACCESS_TAKEN_BACK, to=owner.email, tools=tools, link=token_id)
    seen = [*tools.store.all(Session, owner.id), *tools.store.all(KnownDevice, owner.id)]
    changed = [owner] if owner is not person else []
    tools.store.commit(used, locked, entry, *changed, *claims, way_in, said, erase=seen)


def _put_back(person: Person, link: OneUseLink, account: Account, *, tools: Tools) -> tuple[Person, list[Claim]]:
    """The person with the address that the link may put back, and the claims that follow it."""
    former = link.former_email
    if former is None:
        return person, []
    if link.digest not in account.undoable:
        raise LinkUsed
    former_key, key = (keys.email_key(email, tools=tools) for email in (former, person.email))
    if former_key == key:
        return person.next(email=former), []
    if find_holder(keys.EMAIL, former_key, tools=tools):
        raise FormerAddressTaken
    taken = claimed(keys.EMAIL, former_key, person.id, tools=tools)
    return person.next(email=former), [taken, *released(keys.EMAIL, key, person.id, tools=tools)]


def _undoable_before(link: OneUseLink, account: Account) -> tuple[str, ...]:
    """The changes that are older than the one undone: later ones are undone with it."""
    if link.digest not in account.undoable:
        return account.undoable
    return account.undoable[: account.undoable.index(link.digest)]
