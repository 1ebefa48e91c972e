"""My profile: each part is seen and modified; what a certificate prints goes to an agent once there is one."""

from collections.abc import Sequence
from datetime import datetime

from cvec.domain.accounts import Account, Person
from cvec.domain.certificates import Certificate
from cvec.domain.contact import Contact
from cvec.domain.corrections import Correction, CorrectionState, Difference, differences
from cvec.domain.errors import AccountBlocked, FieldError, InvalidFields, NotSignedIn, TooManyGuesses
from cvec.domain.facts import Fact
from cvec.domain.identity import Identity, check_age
from cvec.domain.institution import Institution
from cvec.domain.limits import INES_ASKED
from cvec.domain.model import Row, Value
from cvec.domain.printable import unprintable
from cvec.ports import Tools
from cvec.usecases import keys
from cvec.usecases.again import again_if_stale
from cvec.usecases.corrections import asked_correction, moved_claims
from cvec.usecases.files import known_person
from cvec.usecases.institutions import check_on_list
from cvec.usecases.quotas import spend


class CorrectionView(Value):
    """What was asked to be corrected, with the difference, and where it stands."""

    state: CorrectionState
    asked_at: datetime
    differences: tuple[Difference, ...]


class ProfileView(Value):
    """What we hold about a person, part by part."""

    email: str
    language: str
    ine: str
    identity: Identity
    institution: Institution
    contact: Contact
    registered_at: datetime
    correction: CorrectionView | None

    @classmethod
    def of(cls, person: Person, correction: Correction | None) -> "ProfileView":
        """What its person sees of it."""
        shown = ("email", "language", "ine", "identity", "institution", "contact", "registered_at")
        return cls(correction=_seen(person, correction), **{part: getattr(person, part) for part in shown})


def my_profile(person_id: str, *, tools: Tools) -> ProfileView:
    """Everything the profile's pages show. Raises NotSignedIn."""
    person = known_person(person_id, tools=tools)
    return ProfileView.of(person, tools.store.find(Correction, person_id))


@again_if_stale
def change_identity(person_id: str, identity: Identity, *, tools: Tools) -> ProfileView:
    """Modify the identity: at once while no certificate prints it, otherwise what is printed waits for an agent.

    What is never printed (place of birth, nationality, family situation) changes at once either way.
    Raises InvalidFields for an unlikely age or letters that no certificate can print, AccountBlocked.
    """
    check_age(identity, tools.clock.now().date())
    check_printable(identity)
    person = known_person(person_id, tools=tools)
    changed = differences(person.identity, identity)
    if not changed or not has_certificate(person_id, tools=tools):
        return _changed(person, "identity", tools=tools, identity=identity)
    kept = identity.model_copy(update={one.field: getattr(person.identity, one.field) for one in changed})
    asked = asked_correction(person, tools=tools, identity=identity)
    return _changed(person, "identity", *asked, tools=tools, identity=kept)


@again_if_stale
def change_institution(person_id: str, institution: Institution, *, tools: Tools) -> ProfileView:
    """Modify the institution; a certificate is good for any. Raises InvalidFields where it is not as the list says."""
    check_on_list(institution, tools=tools)
    return _changed(known_person(person_id, tools=tools), "institution", tools=tools, institution=institution)


@again_if_stale
def change_contact(person_id: str, contact: Contact, *, tools: Tools) -> ProfileView:
    """Modify how to reach them."""
    return _changed(known_person(person_id, tools=tools), "contact", tools=tools, contact=contact)


@again_if_stale
def change_ine(person_id: str, ine: str, *, tools: Tools) -> ProfileView:
    """Modify the INE: at once while no certificate prints it, otherwise it waits for an agent.

    Whether another account holds it is told ten times a day at most. Raises IneHeld, TooManyGuesses, AccountBlocked.
    """
    person = known_person(person_id, tools=tools)
    if ine == person.ine:
        return my_profile(person_id, tools=tools)
    quota = spend(INES_ASKED, keys.email_key(person.email, tools=tools), TooManyGuesses, tools=tools)
    tools.store.commit(quota)
    claims, released = moved_claims(person, ine, tools=tools)
    if has_certificate(person_id, tools=tools):
        return _changed(person, "ine", *asked_correction(person, tools=tools, ine=ine), tools=tools)
    return _changed(person, "ine", *claims, released=released, tools=tools, ine=ine)


def check_printable(identity: Identity) -> None:
    """Refuse letters that no certificate can print, naming the fields. Raises InvalidFields."""
    unfit = [FieldError(field, "unprintable_letters") for field, name in identity.names.items() if unprintable(name)]
    if unfit:
        raise InvalidFields(*unfit)


def has_certificate(person_id: str, *, tools: Tools) -> bool:
    """Whether a certificate of any year says who they are."""
    return bool(tools.store.all(Certificate, person_id))


def _changed(
    person: Person, part: str, *also: Row, released: Sequence[Row] = (), tools: Tools, **changes: object
) -> ProfileView:
    """The person with this part changed, and the fact in their account's history (which part, never what)."""
    account = tools.store.find(Account, person.id)
    if account is None:
        raise NotSignedIn
    if account.is_closed:
        raise AccountBlocked
    changed = person.next(**changes)
    noted = account.noted(Fact.PROFILE_CHANGED, at=tools.clock.now(), actor="student", about={"part": part})
    tools.store.commit(changed, *noted, *also, erase=released)
    return my_profile(person.id, tools=tools)


def _seen(person: Person, correction: Correction | None) -> CorrectionView | None:
    if correction is None:
        return None
    asked = correction.identity or person.identity
    changed = differences(person.identity, asked)
    if correction.ine and correction.ine != person.ine:
        changed += (Difference(field="ine", before=person.ine, after=correction.ine),)
    return CorrectionView(state=correction.state, asked_at=correction.asked_at, differences=changed)
