"""Corrections of what a certificate prints: asked by the student, decided by an agent, the number stays."""

from typing import Any

from cvec.domain.accounts import Claim, Person
from cvec.domain.certificates import CERTIFICATE, Certificate
from cvec.domain.corrections import CORRECTION, PRINTED, Correction
from cvec.domain.errors import IneHeld, NoCorrection
from cvec.domain.facts import Fact
from cvec.domain.files import File
from cvec.domain.history import Entry
from cvec.domain.identity import Identity
from cvec.domain.mails import FIRST_SWEEP, Template
from cvec.domain.model import Row
from cvec.ports import Tools
from cvec.usecases import keys
from cvec.usecases.again import again_if_stale
from cvec.usecases.files import known_person
from cvec.usecases.outbox import mail


def asked_correction(
    person: Person, *, identity: Identity | None = None, ine: str | None = None, tools: Tools
) -> tuple[Correction, Entry]:
    """The correction to commit; asking again says anew what is wanted, and adds to what was asked before."""
    now = tools.clock.now()
    before = tools.store.find(Correction, person.id)
    waiting = before if before and CORRECTION.allows(before.state, Fact.CORRECTION_ACCEPTED) else None
    wanted: dict[str, Any] = {
        "identity": identity or (waiting.identity if waiting else None),
        "ine": ine or (waiting.ine if waiting else None),
        "asked_at": now,
    }
    if before:
        return before.noted(Fact.CORRECTION_ASKED, at=now, actor="student", **wanted)
    return Correction(person_id=person.id, **wanted).begun(Fact.CORRECTION_ASKED, at=now, actor="student")


@again_if_stale
def withdraw_correction(person_id: str, *, tools: Tools) -> None:
    """The student wants it no more. Raises NoCorrection where none is waiting."""
    correction = _waiting(person_id, tools=tools)
    now = tools.clock.now()
    tools.store.commit(
        *correction.noted(Fact.CORRECTION_WITHDRAWN, at=now, actor="student", identity=None, ine=None, decided_at=now)
    )


@again_if_stale
def accept_correction(person_id: str, agent: str, *, tools: Tools) -> None:
    """An agent agrees: the profile says what was asked, and certificates are printed again under the same number.

    Raises NoCorrection, IneHeld where another account holds the INE.
    """
    correction, person = _waiting(person_id, tools=tools), known_person(person_id, tools=tools)
    now = tools.clock.now()
    corrected = person.next(identity=_joined(person.identity, correction.identity), ine=correction.ine or person.ine)
    claims, released = moved_claims(person, corrected.ine, tools=tools)
    accepted = correction.noted(Fact.CORRECTION_ACCEPTED, at=now, actor=agent, identity=None, ine=None, decided_at=now)
    tools.store.commit(corrected, *accepted, *claims, *_reprinted(person_id, tools=tools), erase=released)


@again_if_stale
def refuse_correction(person_id: str, agent: str, *, tools: Tools) -> None:
    """An agent does not agree; the student is told. Raises NoCorrection."""
    correction, person = _waiting(person_id, tools=tools), known_person(person_id, tools=tools)
    now = tools.clock.now()
    refused = correction.noted(Fact.CORRECTION_REFUSED, at=now, actor=agent, identity=None, ine=None, decided_at=now)
    tools.store.commit(*refused, mail(Template.CORRECTION_REFUSED, to=person.email, tools=tools))


def _waiting(person_id: str, *, tools: Tools) -> Correction:
    correction = tools.store.find(Correction, person_id)
    if correction is None or not CORRECTION.allows(correction.state, Fact.CORRECTION_ACCEPTED):
        raise NoCorrection
    return correction


def _joined(present: Identity, asked: Identity | None) -> Identity:
    """What was asked of what is printed, over what is not, which may have changed since."""
    return present.model_copy(update={field: getattr(asked, field) for field in PRINTED}) if asked else present


def moved_claims(person: Person, ine: str, *, tools: Tools) -> tuple[list[Row], list[Row]]:
    """The claim of another INE, and the one to be given up for it. Raises IneHeld where another account has it."""
    if ine == person.ine:
        return [], []
    name = keys.ine_key(ine, tools=tools)
    if tools.store.find(Claim, keys.INE, name):
        raise IneHeld
    held = tools.store.find(Claim, keys.INE, keys.ine_key(person.ine, tools=tools))
    return [Claim(of=keys.INE, name=name, holder=(person.id,))], [held] if held else []


def _reprinted(person_id: str, *, tools: Tools) -> list[Row]:
    """Every good certificate ordered again, a new edition of the same number, with the word in its file's history."""
    now, rows = tools.clock.now(), list[Row]()
    for certificate in tools.store.all(Certificate, person_id):
        if not CERTIFICATE.allows(certificate.state, Fact.CERTIFICATE_CORRECTED):
            continue
        order = {"edition": certificate.edition + 1, "ordered_at": now, "look_at": now + FIRST_SWEEP}
        rows.append(certificate.after(Fact.CERTIFICATE_CORRECTED, is_correction=True, **order))
        file = tools.store.find(File, person_id, certificate.year)
        rows += file.noted(Fact.CERTIFICATE_CORRECTED, at=now, actor="agent") if file else ()
    return rows
