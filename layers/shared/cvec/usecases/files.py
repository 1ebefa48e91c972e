"""Step 3, before paying: the file of a year, its identity to check, its study city and the accepted terms."""

from datetime import datetime

from cvec.domain.academic_year import AcademicYear
from cvec.domain.accounts import Account, AccountState, Person
from cvec.domain.crous import get_crous
from cvec.domain.errors import AccountBlocked, AlreadyInOrder, FieldError, InvalidFields, NotSignedIn
from cvec.domain.facts import Fact
from cvec.domain.files import TERMS_VERSION, File, FileState, StudyCity
from cvec.domain.history import Entry
from cvec.domain.payments import CURRENCY
from cvec.ports import Tools
from cvec.usecases.again import again_if_stale
from cvec.usecases.answers import FileView, IdentityToCheck, StudyCityView
from cvec.usecases.campaigns import campaign_of, open_campaign_today


def my_file(person_id: str, year: AcademicYear, *, tools: Tools) -> FileView:
    """The file as it stands; one that nobody has touched yet is open and costs the campaign's amount."""
    person = known_person(person_id, tools=tools)
    return _view(person, year, tools.store.find(File, person_id, year), tools=tools)


@again_if_stale
def prepare_file(
    person_id: str, year: AcademicYear, *, commune: str, postcode: str, terms_version: str, tools: Tools
) -> FileView:
    """Choose the study city, which decides the Crous, and accept the personal-data terms.

    Raises UnknownCampaign, CampaignNotOpen, InvalidFields, AccountBlocked, AlreadyInOrder.
    """
    now = tools.clock.now()
    open_campaign_today(year, tools=tools)
    person = known_person(person_id, tools=tools)
    check_not_blocked(person_id, tools=tools)
    chosen = {
        "study_city": study_city(commune, postcode, tools=tools),
        "terms_version": accepted_terms(terms_version),
        "terms_accepted_at": now,
    }
    file = tools.store.find(File, person_id, year)
    if file and file.state is not FileState.OPEN:
        raise AlreadyInOrder
    file, entry = _prepared(file or _born(person_id, year, tools=tools), chosen, at=now, commune=commune)
    tools.store.commit(file, entry)
    return _view(person, year, file, tools=tools)


def known_person(person_id: str, *, tools: Tools) -> Person:
    """The person of a session. Raises NotSignedIn where the account is gone."""
    person = tools.store.find(Person, person_id)
    if person is None:
        raise NotSignedIn
    return person


def check_not_blocked(person_id: str, *, tools: Tools) -> None:
    """Raise AccountBlocked where new payments, links and requests are stopped."""
    account = tools.store.find(Account, person_id)
    if account is None or account.state is AccountState.BLOCKED:
        raise AccountBlocked


def study_city(commune: str, postcode: str, *, tools: Tools) -> StudyCity:
    """The chosen commune with its Crous. Raises InvalidFields for an unknown one, or one that no Crous serves."""
    try:
        found = tools.communes.get(commune)
    except KeyError:
        raise InvalidFields(FieldError("commune", "unknown_commune")) from None
    if postcode not in found.postcodes:
        raise InvalidFields(FieldError("postcode", "not_of_this_commune"))
    if found.crous is None:
        raise InvalidFields(FieldError("commune", "no_crous"))
    return StudyCity(commune=found.code, name=found.name, postcode=postcode, crous=found.crous.code)


def accepted_terms(version: str) -> str:
    """The terms' version, if it is the one in force. Raises InvalidFields."""
    if version != TERMS_VERSION:
        raise InvalidFields(FieldError("terms_version", "other_terms_in_force"))
    return version


def _born(person_id: str, year: AcademicYear, *, tools: Tools) -> File:
    return File(person_id=person_id, year=year, state=FileState.OPEN, opened_at=tools.clock.now())


def _prepared(file: File, chosen: dict[str, object], *, at: datetime, commune: str) -> tuple[File, Entry]:
    """The file with its study city and terms; the first time, that is also how it is opened."""
    about = {"commune": commune}
    if file.fact_count:
        return file.noted(Fact.FILE_PREPARED, at=at, actor="student", about=about, **chosen)
    return file.model_copy(update=chosen).begun(Fact.FILE_OPENED, at=at, actor="student", about=about)


def _view(person: Person, year: AcademicYear, file: File | None, *, tools: Tools) -> FileView:
    campaign = campaign_of(year, tools=tools)
    city = file.study_city if file else None
    return FileView(
        year=year,
        state=file.state if file else FileState.OPEN,
        amount_cents=(file.amount_cents if file else None) or campaign.amount_cents,
        currency=CURRENCY,
        closes=campaign.closes,
        refund_until=campaign.refund_until,
        identity=_identity_of(person),
        study_city=StudyCityView(
            commune=city.commune, label=f"{city.name} ({city.postcode})", crous=get_crous(city.crous).name
        )
        if city
        else None,
        terms_version=TERMS_VERSION,
        terms_accepted_at=file.terms_accepted_at if file else None,
        current_payment=file.current_payment if file else None,
        certificate_number=file.certificate_number if file else None,
    )


def _identity_of(person: Person) -> IdentityToCheck:
    identity, contact = person.identity, person.contact
    return IdentityToCheck(
        ine=person.ine,
        civility=identity.civility,
        birth_name=identity.birth_name,
        usage_name=identity.usage_name,
        first_names=identity.first_names,
        birth_date=identity.birth_date,
        email=person.email,
        mobile_phone=contact.mobile_phone,
        landline_phone=contact.landline_phone,
    )
