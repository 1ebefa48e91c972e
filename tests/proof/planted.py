"""Planted bugs: mistakes somebody could make tomorrow, put into the product for a moment; the harness must see each.

`python -m tests.proof.planted` prints who caught what, and fails if any bug survives.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from cvec.domain.certificates import Certificate
from cvec.domain.errors import LinkUsed, PageOpening, TooMany, UnknownLink, WrongCode
from cvec.domain.facts import Fact
from cvec.domain.files import File
from cvec.domain.history import Entry
from cvec.domain.limits import CODES_TRIED
from cvec.domain.mails import Mail
from cvec.domain.model import Row
from cvec.domain.payment_links import _ALIVE, PaymentLink
from cvec.domain.payments import CURRENCY, Disposition, PageStatus, Payment, Snapshot, outcome
from cvec.domain.refunds import Refund
from cvec.domain.sessions import OneUseLink, token_digest
from cvec.ports import Tools
from cvec.usecases import (
    attempts,
    books,
    certify,
    disputes,
    notify,
    outbox,
    passwords,
    pay,
    refund,
    settle,
    third_party,
    verify,
    watch,
)
from cvec.usecases.quotas import spend
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.proof.crashes import calls_of, violations
from tests.proof.interleavings import PAIRS, explore
from tests.proof.machine import Street
from tests.proof.network import CardNetwork
from tests.proof.scenes import SCENES
from tests.proof.taps import faults_of
from tests.proof.worlds import proof_world
from tests.support.fakes import MemoryStore
from tests.support.people import EMAIL, INE, PASSWORD, filled_but_email, password_token, registered


@dataclass(frozen=True)
class Bug:
    """A mistake, the promise it breaks, and what it replaces."""

    name: str
    promise: str
    patches: tuple[tuple[object, str, object], ...]


def _without(kind: type, original: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
    def mistaken(*about: Any, **how: Any) -> list[Any]:
        return [row for row in original(*about, **how) if not isinstance(row, kind)]

    return mistaken


def _changed(kind: type[Row], original: Callable[..., list[Any]], **changes: Any) -> Callable[..., list[Any]]:
    def mistaken(*about: Any, **how: Any) -> list[Any]:
        rows = original(*about, **how)
        return [row.model_copy(update=changes) if isinstance(row, kind) else row for row in rows]

    return mistaken


def _nothing(*_about: Any, **_how: Any) -> list[Any]:
    return []


def _new_number(original: Callable[..., Any]) -> Callable[..., Any]:
    def mistaken(file: Any, city: Any, *, tools: Tools) -> Any:
        certificate, claims = original(file, city, tools=tools)
        number = settle._number_for(city, file, tools=tools)
        return certificate.model_copy(update={"number": str(number)}), claims

    return mistaken


def _always_applied(*_about: Any, **_how: Any) -> tuple[Fact, Disposition]:
    return Fact.PAYMENT_APPLIED, Disposition.APPLIED


def _amount_unchecked(original: Callable[..., Any]) -> Callable[..., Any]:
    def mistaken(file: Any, payment: Any, snapshot: Any, *, is_live: bool) -> Any:
        seen = snapshot.model_copy(update={"amount_cents": payment.amount_cents, "currency": CURRENCY})
        return original(file, payment, seen, is_live=is_live)

    return mistaken


def _not_cleared(file: File, *, tools: Tools) -> File:
    del tools
    return file


def _cleared_once(file: File, *, tools: Tools) -> File:
    payment = tools.store.find(Payment, file.current_payment) if file.current_payment else None
    if payment is None or not payment.is_open:
        return file
    if settle.sync(payment.id, close=True, tools=tools).is_open:
        raise PageOpening(retry_after=30)
    return attempts.payable_file(file.person_id, file.year, tools=tools)


def _closed_here_only(payment: Any, ref: str, *, close: bool, tools: Tools) -> Any:
    snapshot = tools.cards.fetch(ref)
    is_over = close or payment.page_expires_at <= tools.clock.now()
    is_open = snapshot.status is PageStatus.OPEN
    return snapshot.model_copy(update={"status": PageStatus.EXPIRED}) if is_over and is_open else snapshot


def _believed(_payment: Any, ref: str, *, close: bool, tools: Tools) -> Any:
    del close
    return tools.cards.fetch(ref).model_copy(update={"status": PageStatus.PAID})


def _failed_when_unknown(payment: Any, ref: str, *, close: bool, tools: Tools) -> Any:
    try:
        return _TRUTH(payment, ref, close=close, tools=tools)
    except Exception:  # noqa: BLE001 - the planted mistake: not knowing taken for failing
        return _SNAPSHOT(
            ref=ref, payment_id=payment.id, status=PageStatus.EXPIRED, amount_cents=0, currency="", is_live=False
        )


def _sent_at_once(template: Any, *, to: str, tools: Tools, **words: Any) -> Any:
    written = outbox.mail(template, to=to, tools=tools, **words)
    tools.post.send(tools.letters.write(written.id, template, to=to, words=words))
    return written


def _marked_before_sent(mail_id: str, *, tools: Tools) -> None:
    mail = tools.store.find(Mail, mail_id)
    if mail is None or mail.to is None or not mail.may_be_sent(tools.clock.now()):
        return
    letter = tools.letters.write(mail.id, mail.template, to=mail.to, words=mail.words)
    notify.note(mail.id, Fact.MAIL_SENT, tools=tools)
    tools.post.send(letter)


def _printed_now(original: Callable[..., Any]) -> Callable[..., Any]:
    def mistaken(*about: Any, tools: Tools) -> Any:
        return original(*about, tools=tools).model_copy(update={"issued_at": tools.clock.now()})

    return mistaken


def _refund_asked_anew(self: CardNetwork, order: Refund) -> Any:
    self._check()
    page = self.pages[order.transaction.removeprefix("transaction-")]
    return self._give_back(page, f"{order.reason}:{order.tries}:{len(self.given_back)}", order.amount_cents)


def _other_page_each_time(self: CardNetwork, payment: Any) -> Any:
    made = len(self.pages)
    self._by_payment.pop(payment.id, None)
    opened = _OPEN(self, payment)
    again = opened.model_copy(update={"ref": f"{opened.ref}-{made}"})
    self.pages[again.ref] = self.pages.pop(opened.ref)
    self.pages[again.ref].ref = again.ref
    return again


def _never_lost(original: Callable[..., Any]) -> Callable[..., Any]:
    def mistaken(payment: Any, snapshot: Any, *, tools: Tools) -> Any:
        return payment if snapshot.dispute == "lost" else original(payment, snapshot, tools=tools)

    return mistaken


def _fact_forgotten(original: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
    return _without(Entry, original)


def _city_of_today(movement: Any, payment: Any, *, ref: str, cents: int, tools: Tools) -> Any:
    file = tools.store.find(File, payment.person_id, payment.year)
    crous = file.study_city.crous if file and file.study_city else ""
    moved = payment.model_copy(update={"crous": crous})
    return books.ledger_line(movement, moved, ref=ref, cents=cents, tools=tools)


def _fresh_guesses(original: Callable[..., Any]) -> Callable[..., Any]:
    def mistaken(limit: Any, subject: str, refusal: Any, *, tools: Tools) -> Any:
        quota = original(limit, subject, refusal, tools=tools)
        return quota.model_copy(update={"spent": quota.spent[-1:]}) if limit is CODES_TRIED else quota

    return mistaken


def _used_again(token: str, _purpose: Any, *, tools: Tools) -> Any:
    link = tools.store.find(OneUseLink, token_digest(token))
    if link is None:
        raise UnknownLink
    return link


_TRUTH, _SNAPSHOT, _OPEN = settle._truth, Snapshot, CardNetwork.open_page
BUGS = (
    Bug("no condition on a commit", "1, 3", ((MemoryStore, "_guard", lambda *_: None),)),
    Bug("settled without a certificate", "2", ((settle, "_applied", _without(Certificate, settle._applied)),)),
    Bug(
        "an order nobody will look at",
        "2",
        ((settle, "_applied", _changed(Certificate, settle._applied, look_at=None)),),
    ),
    Bug(
        "another number after a lost dispute",
        "1",
        ((settle, "_ordered_certificate", _new_number(settle._ordered_certificate)),),
    ),
    Bug("check, then charge", "3", ((settle, "outcome", _always_applied),)),
    Bug("the amount is not checked", "3, 12", ((settle, "outcome", _amount_unchecked(outcome)),)),
    Bug("a surplus is not refunded", "3", ((settle, "_sent_back", _without(Refund, settle._sent_back)),)),
    Bug(
        "the fee is refunded, not what came in",
        "3",
        ((settle, "_sent_back", _changed(Refund, settle._sent_back, amount_cents=10500)),),
    ),
    Bug("a refund without idempotency", "4", ((CardNetwork, "refund", _refund_asked_anew),)),
    Bug("a refund survives a lost dispute", "4", ((disputes, "_dropped_refunds", _nothing),)),
    Bug(
        "refunds are followed by nobody",
        "3, 12",
        ((watch, "submit_refund", _nothing), (watch, "submit_refunds", _nothing)),
    ),
    Bug(
        "a page is not closed before another is opened",
        "5",
        ((pay, "cleared_file", _not_cleared), (third_party, "cleared_file", _not_cleared)),
    ),
    Bug(
        "a page opened while another was closed is overlooked",
        "5, 6",
        ((pay, "cleared_file", _cleared_once), (third_party, "cleared_file", _cleared_once)),
    ),
    Bug("a page closed here only", "5", ((settle, "_truth", _closed_here_only),)),
    Bug("another page at each asking", "5", ((CardNetwork, "open_page", _other_page_each_time),)),
    Bug("a renewed link leaves the old one alive", "6", ((third_party, "revoked_link", _nothing),)),
    Bug("one's own card leaves the link alive", "6", ((pay, "revoked_link", _nothing),)),
    Bug("a link without expiry check", "6", ((PaymentLink, "is_alive", lambda link, now: link.state in _ALIVE),)),
    Bug(
        "expiry by <=",
        "6",
        ((PaymentLink, "is_alive", lambda link, now: link.state in _ALIVE and now <= link.expires_at),),
    ),
    Bug("resending resets the count of guesses", "7", ((verify, "spend", _fresh_guesses(spend)),)),
    Bug("a password link serves twice", "7", ((passwords, "usable_link", _used_again),)),
    Bug("a mail sent before its commit", "8", ((certify, "mail", _sent_at_once),)),
    Bug("a mail marked sent before it is", "8", ((notify, "deliver", _marked_before_sent),)),
    Bug("a mail given up at the first outage", "8", ((notify, "TRIED_FOR", timedelta(0)),)),
    Bug("a fact forgotten", "11", ((settle, "_applied", _fact_forgotten(settle._applied)),)),
    Bug("a fact of a dispute forgotten", "11", ((disputes, "_noted", _fact_forgotten(disputes._noted)),)),
    Bug("a dispute does not suspend", "C5", ((disputes, "_certificate", _nothing),)),
    Bug("a lost dispute goes unnoticed", "12", ((settle, "follow_dispute", _never_lost(disputes.follow_dispute)),)),
    Bug("a refund is not booked", "12", ((refund, "_booked", _nothing),)),
    Bug("a refund leaves the Crous of today", "M1", ((refund, "ledger_line", _city_of_today),)),
    Bug("a notification is believed", "12", ((settle, "_truth", _believed),)),
    Bug("an outage taken for a failure", "3, 5", ((settle, "_truth", _failed_when_unknown),)),
    Bug("printed with the hour of printing", "C4", ((certify, "_content", _printed_now(certify._content)),)),
)


def caught_by(bug: Bug) -> str | None:
    """Who sees the bug first, with what they say; None if nobody does."""
    with ExitStack() as planted:
        for where, name, mistake in bug.patches:
            planted.enter_context(patch.object(where, name, mistake))
        for probe in PROBES:
            try:
                said = next(probe(), None)
            except Exception as fault:  # noqa: BLE001 - a gesture that falls over, or a promise that is broken
                said = f"{type(fault).__name__}: {fault}"
            if said:
                return f"{probe.__name__.strip('_')} · {said.splitlines()[0]}"
    return None


def codes() -> Iterator[str]:
    """Promise 7: ten wrong guesses a day whatever the resends, and links that serve once."""
    world, _ = proof_world()
    draft = filled_but_email(world, INE)
    verify.give_email(draft, EMAIL, tools=world)
    evaluated = 0
    for _ in range(30):
        try:
            verify.confirm_email(draft, "ZZZZZZ", tools=world)
        except WrongCode:
            evaluated += 1
        except TooMany:
            break
    if evaluated > 10:
        yield f"{evaluated} wrong codes were looked at in a day"
    verify_world, _ = proof_world()
    registered(verify_world)
    token = password_token(verify_world)
    passwords.set_password(token, PASSWORD, tools=verify_world)
    try:
        passwords.set_password(token, f"{PASSWORD} encore", tools=verify_world)
    except LinkUsed:
        return
    yield "a link set two passwords"


def scenes_and_crashes() -> Iterator[str]:
    """The crash harness, until it finds something."""
    for scene in SCENES:
        for at, call in enumerate(calls_of(scene)):
            for fault in faults_of(call):
                yield from (f"{scene.name}, {fault} at {call}: {one}" for one in violations(scene, at, fault))


def interleavings() -> Iterator[str]:
    """The dangerous pairs, until one breaks a promise."""
    for pair in PAIRS:
        yield from explore(pair).violations


def machine() -> Iterator[str]:
    """Some thousand steps of the machine; it raises what it finds."""
    Street.steps = 0
    run_state_machine_as_test(
        Street,
        settings=settings(
            max_examples=150,
            stateful_step_count=40,
            derandomize=True,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    yield from ()


PROBES = (codes, scenes_and_crashes, interleavings, machine)


def main() -> int:
    """Print the table; 1 if a bug survives."""
    survivors = 0
    for bug in BUGS:
        said = caught_by(bug)
        survivors += said is None
        sys.stdout.write(f"{bug.name:55} promise {bug.promise:6} {said or 'SURVIVES'}\n"[:200].rstrip() + "\n")
        sys.stdout.flush()
    sys.stdout.write(f"{len(BUGS) - survivors} of {len(BUGS)} planted bugs caught\n")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
