"""The certificate: printed once as ordered, given to its holder, vouched for without a word too many."""

import pytest
from cvec.domain.certificates import Certificate, CertificateState
from cvec.domain.errors import MistypedNumber, NoCertificateYet
from cvec.domain.facts import Fact
from cvec.domain.mails import Mail, Template
from cvec.usecases import certify, settle
from cvec.usecases.answers import Validity

from tests.support.fakes import World, new_world
from tests.support.people import YEAR, at_the_page


def settled(world: World) -> str:
    """A person whose file is paid and whose certificate is ordered."""
    person_id, offered = at_the_page(world)
    world.cards.pay(f"page-{offered.payment}")
    settle.sync(offered.payment, tools=world)
    return person_id


def certified(world: World) -> str:
    person_id = settled(world)
    certify.issue(person_id, YEAR, tools=world)
    return person_id


def test_before_it_is_printed_there_is_none_and_the_student_is_told_so() -> None:
    world = new_world()
    with pytest.raises(NoCertificateYet):
        certify.my_certificate(settled(world), YEAR, tools=world)


def test_printing_it_tells_the_student_and_dates_it_from_the_settlement() -> None:
    world = new_world()
    person_id = settled(world)
    ordered_at = world.clock.now()
    world.clock.advance(minutes=30)
    certify.issue(person_id, YEAR, tools=world)
    view = certify.my_certificate(person_id, YEAR, tools=world)
    assert (view.issued_at, view.crous) == (ordered_at, "Crous de Lyon")
    assert [mail.template for mail in world.store.of(Mail)].count(Template.PAYMENT_RECEIVED) == 1


def test_printing_it_again_does_nothing() -> None:
    world = new_world()
    person_id = certified(world)
    before = dict(world.store.rows)
    certify.issue(person_id, YEAR, tools=world)
    assert world.store.rows == before


def test_a_crash_between_keeping_the_document_and_saying_so_prints_the_same_bytes() -> None:
    world = new_world()
    person_id = settled(world)
    ordered = world.store.find(Certificate, person_id, YEAR)
    certify.issue(person_id, YEAR, tools=world)
    (kept,) = world.shelf.documents.values()
    issued = world.store.find(Certificate, person_id, YEAR)
    assert ordered is not None
    assert issued is not None
    world.store.rows[(Certificate, issued.key)] = ordered
    world.clock.advance(minutes=7)
    certify.issue(person_id, YEAR, tools=world)
    assert list(world.shelf.documents.values()) == [kept]
    assert list(world.shelf.kept.values()) == [2]


def test_the_sweep_prints_what_the_stream_did_not_bring() -> None:
    world = new_world()
    person_id = settled(world)
    assert certify.issue_late_ones(tools=world).looked_at == 0
    world.clock.advance(minutes=2)
    assert certify.issue_late_ones(tools=world).looked_at == 1
    assert certify.my_certificate(person_id, YEAR, tools=world).number


def test_the_number_is_good_for_the_first_letters_of_the_surname_however_they_are_typed() -> None:
    world = new_world()
    number = certify.my_certificate(certified(world), YEAR, tools=world).number
    for typed in ("NDIAY", "N'Diaye", "ndiaye", "n diaye"):
        answer = certify.check_certificate(number.lower().replace(" ", "-"), typed, tools=world)
        assert (answer.validity, answer.academic_year) == (Validity.VALID, YEAR)


def test_an_unknown_number_and_a_wrong_surname_give_the_same_answer() -> None:
    world = new_world()
    number = certify.my_certificate(certified(world), YEAR, tools=world).number
    wrong_name = certify.check_certificate(number, "MARTIN", tools=world)
    unknown = certify.check_certificate("PAR6 ABCDEF 12".replace("12", _key("PAR6ABCDEF")), "NDIAY", tools=world)
    assert wrong_name.model_dump(exclude={"number"}) == unknown.model_dump(exclude={"number"})
    assert wrong_name.validity is Validity.NOT_VALID


def test_a_mistyped_number_is_told_apart_since_that_tells_nothing_about_anybody() -> None:
    with pytest.raises(MistypedNumber):
        certify.check_certificate("CRE8 DTGBLX 76", "NDIAY", tools=new_world())


@pytest.mark.parametrize("fact", [Fact.CERTIFICATE_SUSPENDED, Fact.CERTIFICATE_REVOKED])
def test_a_suspended_or_revoked_certificate_is_not_valid(fact: Fact) -> None:
    world = new_world()
    person_id = certified(world)
    certificate = world.store.find(Certificate, person_id, YEAR)
    assert certificate is not None
    world.store.commit(certificate.after(fact))
    answer = certify.check_certificate(certificate.number, "NDIAY", tools=world)
    assert answer.validity is Validity.NOT_VALID


def test_a_corrected_certificate_stays_valid_while_it_is_printed_again() -> None:
    world = new_world()
    person_id = certified(world)
    certificate = world.store.find(Certificate, person_id, YEAR)
    assert certificate is not None
    world.store.commit(certificate.after(Fact.CERTIFICATE_CORRECTED, edition=2))
    assert certify.check_certificate(certificate.number, "NDIAY", tools=world).validity is Validity.VALID
    certify.issue(person_id, YEAR, tools=world)
    again = world.store.find(Certificate, person_id, YEAR)
    assert again is not None
    assert (again.number, again.edition, again.state) == (certificate.number, 2, CertificateState.ACTIVE)


def _key(body: str) -> str:
    from cvec.domain.certificate_number import CertificateNumber

    return CertificateNumber(body[:3], body[3], body[4:]).check_digits
