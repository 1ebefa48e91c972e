"""Students who stand before the payment at once: their rows are written straight, without the way there."""

from cvec import wiring
from cvec.domain.accounts import Account, AccountState, Person
from cvec.domain.sessions import Holder
from cvec.ports import Tools
from cvec.usecases import files
from cvec.usecases.sessions import opened_session
from cvec.web.callers import COOKIES, Caller

from infra.local.laptop import Laptop
from tests.journeys.street import YEAR, Student
from tests.support.people import CONTACT, FRANCOIS, INE, LYON, NOT_REGISTERED


def person_ready(tools: Tools) -> str:
    """A person whose file has its city and terms; their id."""
    person_id, now = tools.chance.new_id(), tools.clock.now()
    person = Person(
        id=person_id,
        email=f"{person_id}@example.org",
        language="fr",
        ine=INE,
        identity=FRANCOIS,
        institution=NOT_REGISTERED,
        contact=CONTACT,
        registered_at=now,
    )
    tools.store.commit(person, Account(person_id=person_id, state=AccountState.ACTIVE))
    files.prepare_file(person_id, YEAR, **LYON, tools=tools)
    return person_id


def student_ready(laptop: Laptop) -> Student:
    """Such a person with a browser, signed in."""
    person_id = person_ready(wiring.tools())
    email = f"{person_id}@example.org"
    student = Student(laptop.site_url, laptop.mailbox.url, rest=laptop.pump.drain, email=email, ine=INE)
    sign_in(student, person_id)
    return student


def sign_in(student: Student, person_id: str) -> None:
    """A new session in the student's browser."""
    session, cookie = opened_session(Holder.STUDENT, person_id, tools=wiring.tools())
    wiring.tools().store.commit(session)
    student.cookies[COOKIES[Caller.STUDENT]] = cookie


def person_of(student: Student) -> str:
    """Whose session a student's cookie is, which its value begins with."""
    return student.cookies[COOKIES[Caller.STUDENT]].partition(".")[0]
