"""Invented people, and the shortest ways to bring them to any point of the street through the gestures themselves."""

from datetime import date

from cvec.domain.codes import CodePurpose, VerificationCode
from cvec.domain.contact import Contact
from cvec.domain.files import TERMS_VERSION
from cvec.domain.identity import Civility, Identity, MaritalStatus
from cvec.domain.institution import Institution, InstitutionStatus
from cvec.domain.mails import Mail, Template
from cvec.domain.registration import Draft
from cvec.domain.sessions import Session
from cvec.ports import Tools
from cvec.usecases import files, passwords, pay, register, sign_in, verify
from cvec.usecases.answers import PageOffered
from cvec.usecases.tokens import code_letters, link_token

from tests.support.fakes import World

YEAR = "2026-2027"
EMAIL = "francois.ndiaye@example.org"
INE = "1409002949V"
PASSWORD = "neuf girafes dansent sous la pluie"
LYON = {"commune": "69123", "postcode": "69001", "terms_version": TERMS_VERSION}

FRANCOIS = Identity(
    marital_status=MaritalStatus.SINGLE,
    civility=Civility.MR,
    birth_name="N'DIAYE",
    first_name="François",
    birth_date=date(1998, 5, 23),
    birth_country="SN",
    birth_place="Saint-Louis",
    nationality="SN",
)
CONTACT = Contact(
    mobile_phone="+33639980001", address_line1="12 rue des Lilas", postal_code="69001", city="Lyon", country="FR"
)
NOT_REGISTERED = Institution(status=InstitutionStatus.NOT_REGISTERED)


def started(tools: Tools) -> str:
    """A registration begun; its draft's id."""
    _, cookie = register.start_registration("fr", tools=tools)
    return cookie.partition(".")[0]


def filled_but_email(tools: Tools, ine: str = INE) -> str:
    """A registration with every screen but the address."""
    draft_id = started(tools)
    register.save_identity(draft_id, FRANCOIS, tools=tools)
    register.save_ine(draft_id, ine, tools=tools)
    register.save_institution(draft_id, NOT_REGISTERED, tools=tools)
    register.save_contact(draft_id, CONTACT, tools=tools)
    return draft_id


def letters_sent(draft_id: str, tools: Tools) -> str:
    """The letters of the code that was last sent for a draft, as its mail will spell them."""
    code = tools.store.find(VerificationCode, draft_id, CodePurpose.MAIN_EMAIL)
    assert code is not None
    return code_letters(code.id, secrets=tools.secrets)


def registered(world: World, email: str = EMAIL, ine: str = INE) -> str:
    """A person with an account and no password yet; their id."""
    draft_id = filled_but_email(world, ine)
    verify.give_email(draft_id, email, tools=world)
    verify.confirm_email(draft_id, letters_sent(draft_id, world), tools=world)
    register.complete_registration(draft_id, tools=world)
    assert world.store.find(Draft, draft_id) is not None
    return str(_last_mail(world, Template.ACCOUNT_CREATED).words["person"])


def password_token(world: World, template: Template = Template.ACCOUNT_CREATED) -> str:
    """The token in the last mail with a link."""
    return link_token(str(_last_mail(world, template).words["link"]), secrets=world.secrets)


def with_password(world: World, email: str = EMAIL, ine: str = INE) -> str:
    """A person who can sign in; their id."""
    person_id = registered(world, email, ine)
    passwords.set_password(password_token(world), PASSWORD, tools=world)
    return person_id


def signed_in(world: World, email: str = EMAIL) -> Session:
    """A session of the person with this address."""
    return sign_in.sign_in(email, PASSWORD, tools=world).session


def ready_to_pay(world: World, email: str = EMAIL, ine: str = INE) -> str:
    """A person whose file of the year has its city and terms; their id."""
    person_id = with_password(world, email, ine)
    files.prepare_file(person_id, YEAR, **LYON, tools=world)
    return person_id


def at_the_page(world: World) -> tuple[str, PageOffered]:
    """A person in front of the card page."""
    person_id = ready_to_pay(world)
    return person_id, pay.pay_by_card(person_id, YEAR, "fr", tools=world)


def _last_mail(world: World, template: Template) -> Mail:
    return [mail for mail in world.store.of(Mail) if mail.template is template][-1]
