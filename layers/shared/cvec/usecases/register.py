"""Step 1, registration: each screen is kept as soon as it is sent, and the account is made of them at the end."""

from cvec.domain.accounts import Account, AccountState, Claim, Person
from cvec.domain.contact import Contact
from cvec.domain.errors import (
    AddressTaken,
    IneHeld,
    NoRegistration,
    Stale,
    TooManyGuesses,
)
from cvec.domain.facts import Fact
from cvec.domain.history import Entry
from cvec.domain.identity import Identity, check_age
from cvec.domain.institution import Institution
from cvec.domain.limits import INES_ASKED
from cvec.domain.mails import Mail, Template
from cvec.domain.registration import Draft, DraftState
from cvec.domain.sessions import Holder, LinkPurpose
from cvec.ports import Tools
from cvec.usecases import keys
from cvec.usecases.again import again_if_stale
from cvec.usecases.answers import RegistrationView
from cvec.usecases.claims import claimed, find_holder
from cvec.usecases.institutions import check_on_list
from cvec.usecases.links import one_use_link
from cvec.usecases.mailboxes import own_mailbox
from cvec.usecases.outbox import mail
from cvec.usecases.profile import check_printable
from cvec.usecases.quotas import spend
from cvec.usecases.sessions import opened_session


def start_registration(language: str, *, tools: Tools) -> tuple[RegistrationView, str]:
    """Begin a registration; the cookie value keeps it within this browser's reach for 14 days."""
    draft = Draft(id=tools.chance.new_id(), started_at=tools.clock.now(), language=language)
    draft = draft.model_copy(update={"look_at": draft.warned_at})
    session, cookie = opened_session(Holder.DRAFT, draft.id, tools=tools)
    tools.store.commit(draft, session)
    return RegistrationView.of(draft), cookie


def draft_under_way(draft_id: str, *, tools: Tools) -> Draft:
    """The draft, if it still lives. Raises NoRegistration."""
    draft = tools.store.find(Draft, draft_id)
    if draft is None or draft.expires_at <= tools.clock.now():
        raise NoRegistration
    return draft


def unfinished_draft(draft_id: str, *, tools: Tools) -> Draft:
    """The draft, if its screens may still change. Raises NoRegistration."""
    draft = draft_under_way(draft_id, tools=tools)
    if draft.state is DraftState.COMPLETED:
        raise NoRegistration
    return draft


def read_registration(draft_id: str, *, tools: Tools) -> RegistrationView:
    """What was sent so far."""
    return _shown(draft_under_way(draft_id, tools=tools), tools=tools)


@again_if_stale
def save_identity(draft_id: str, identity: Identity, *, seen: int | None = None, tools: Tools) -> RegistrationView:
    """Keep the identity screen, unless it was changed elsewhere since version `seen`.

    Raises ChangedElsewhere, and InvalidFields for an unlikely age or letters that no certificate can print.
    """
    check_age(identity, tools.clock.now().date())
    check_printable(identity)
    return _keep(unfinished_draft(draft_id, tools=tools), seen=seen, identity=identity, tools=tools)


@again_if_stale
def save_ine(draft_id: str, ine: str, *, seen: int | None = None, tools: Tools) -> RegistrationView:
    """Keep the INE. Whether another account holds it is only told once the address is proved, ten times a day at most.

    Raises ChangedElsewhere, IneHeld, TooManyGuesses.
    """
    draft = unfinished_draft(draft_id, tools=tools).unless_changed(seen, ine=ine)
    if draft.state is DraftState.EMAIL_VERIFIED and draft.email and draft.ine != ine:
        quota = spend(INES_ASKED, keys.email_key(draft.email, tools=tools), TooManyGuesses, tools=tools)
        tools.store.commit(quota)
        if find_holder(keys.INE, keys.ine_key(ine, tools=tools), tools=tools):
            raise IneHeld
    return _keep(draft, seen=seen, ine=ine, tools=tools)


@again_if_stale
def save_institution(
    draft_id: str, institution: Institution, *, seen: int | None = None, tools: Tools
) -> RegistrationView:
    """Keep the institution screen.

    Raises ChangedElsewhere, and InvalidFields where it bears a UAI and is not what the list says of it.
    """
    check_on_list(institution, tools=tools)
    return _keep(unfinished_draft(draft_id, tools=tools), seen=seen, institution=institution, tools=tools)


@again_if_stale
def save_contact(draft_id: str, contact: Contact, *, seen: int | None = None, tools: Tools) -> RegistrationView:
    """Keep the contact screen. Raises ChangedElsewhere."""
    return _keep(unfinished_draft(draft_id, tools=tools), seen=seen, contact=contact, tools=tools)


@again_if_stale
def complete_registration(draft_id: str, *, tools: Tools) -> RegistrationView:
    """Make the account: from now on the person exists, and a mail brings the link to set a password.

    Sending it again changes nothing. Raises RegistrationIncomplete, EmailNotVerified, IneHeld, AddressTaken.
    """
    draft = draft_under_way(draft_id, tools=tools)
    if draft.state is not DraftState.COMPLETED:
        draft.check_complete()
        draft = _found_account(draft, tools=tools)
    return RegistrationView.of(draft)


def _keep(draft: Draft, *, seen: int | None, tools: Tools, **screen: object) -> RegistrationView:
    kept = draft.unless_changed(seen, **screen).next(**screen)
    tools.store.commit(kept)
    return _shown(kept, tools=tools)


def _shown(draft: Draft, *, tools: Tools) -> RegistrationView:
    """The draft, and how far its code got."""
    return RegistrationView.of(draft, tools.store.find(Mail, draft.code_mail) if draft.code_mail else None)


def _found_account(draft: Draft, *, tools: Tools) -> Draft:
    """Person, account, claims, first fact, link and mail: one transaction. The draft keeps nothing personal."""
    person = _person_of(draft, tools=tools)
    mailbox = keys.email_key(person.email, tools=tools)
    link, token_id = one_use_link(LinkPurpose.PASSWORD, person.id, mailbox=mailbox, tools=tools)
    welcome = mail(
        Template.ACCOUNT_CREATED,
        to=person.email,
        tools=tools,
        link=token_id,
        language=draft.language,
        person=person.id,
    )
    emptied = draft.completed()
    claims = _claims_of(person, tools=tools)
    found = own_mailbox(draft, tools=tools)
    try:
        tools.store.commit(person, *_account_of(person), *claims, link, welcome, emptied, erase=found)
    except Stale:
        if tools.store.find(Draft, draft.id) == draft:  # else this very draft was completed meanwhile: look again
            _say_what_is_taken(claims, tools=tools)
        raise
    return emptied


def _person_of(draft: Draft, *, tools: Tools) -> Person:
    draft.check_complete()
    return Person.model_validate(
        {
            "id": draft.id,
            "registered_at": tools.clock.now(),
            **{screen: getattr(draft, screen) for screen in ("email", "language", "ine")},
            **{screen: getattr(draft, screen) for screen in ("identity", "institution", "contact")},
        }
    )


def _account_of(person: Person) -> tuple[Account, Entry]:
    """The account, and the first fact of its history."""
    account = Account(person_id=person.id, state=AccountState.PENDING_PASSWORD).dated(person.registered_at)
    return account.begun(Fact.REGISTRATION_COMPLETED, at=person.registered_at, actor="student")


def _claims_of(person: Person, *, tools: Tools) -> tuple[Claim, Claim]:
    return (
        claimed(keys.EMAIL, keys.email_key(person.email, tools=tools), person.id, tools=tools),
        claimed(keys.INE, keys.ine_key(person.ine, tools=tools), person.id, tools=tools),
    )


def _say_what_is_taken(claims: tuple[Claim, Claim], *, tools: Tools) -> None:
    email, ine = (find_holder(*claim.key, tools=tools) for claim in claims)
    if email:
        raise AddressTaken
    if ine:
        raise IneHeld
