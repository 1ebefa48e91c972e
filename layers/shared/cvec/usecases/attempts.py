"""Attempts to pay a file, whoever the payer: one open at a time, none started beside a page that may take money."""

from collections.abc import Sequence

from cvec.domain.academic_year import AcademicYear
from cvec.domain.campaigns import Campaign
from cvec.domain.errors import AlreadyInOrder, FileNotReady, PageOpening, Stale
from cvec.domain.facts import Fact
from cvec.domain.files import File, FileState
from cvec.domain.model import Row
from cvec.domain.payment_links import PaymentLink
from cvec.domain.payments import FIRST_LOOK, PAGE_LIFE, Payer, Payment, PaymentState
from cvec.ports import Tools
from cvec.usecases.card_page import opened_page
from cvec.usecases.settle import sync


def payable_file(person_id: str, year: AcademicYear, *, tools: Tools) -> File:
    """The file, if it may be paid. Raises FileNotReady, AlreadyInOrder."""
    file = tools.store.find(File, person_id, year)
    if file is None or not file.is_ready_to_pay:
        raise FileNotReady
    if file.state is not FileState.OPEN:
        raise AlreadyInOrder
    return file


def offered_page(file: File, payer: Payer, *, tools: Tools) -> Payment | None:
    """The attempt whose page this payer already has open with time enough left, with that page known; else None."""
    payment = tools.store.find(Payment, file.current_payment) if file.current_payment else None
    is_theirs = payment is not None and payment.payer is payer and payment.link == _link_for(file, payer)
    if payment is None or not is_theirs or not payment.is_worth_showing(tools.clock.now()):
        return None
    return _with_page(payment, tools=tools)


def cleared_file(file: File, *, tools: Tools) -> File:
    """The file, once no page of an earlier attempt can take money any more: each is closed at the provider first.

    Raises AlreadyInOrder when the page had been paid, PageOpening while the provider is still deciding, Stale when
    another attempt began meanwhile.
    """
    payment = tools.store.find(Payment, file.current_payment) if file.current_payment else None
    if payment is None or not payment.is_open:
        return file
    if sync(payment.id, close=True, tools=tools).is_open:
        raise PageOpening(retry_after=30)
    cleared = payable_file(file.person_id, file.year, tools=tools)
    if cleared.current_payment != payment.id:
        raise Stale  # another attempt began since: its page is to be cleared too
    return cleared


def started_payment(
    file: File,
    campaign: Campaign,
    language: str,
    *,
    payer: Payer,
    link: PaymentLink | None = None,
    also: Sequence[Row] = (),
    tools: Tools,
) -> Payment:
    """A new attempt with its page open. Everything the page will say is written before the provider hears of it."""
    now = tools.clock.now()
    payment = Payment(
        id=tools.chance.new_id(),
        person_id=file.person_id,
        year=file.year,
        payer=payer,
        state=PaymentState.CREATED,
        amount_cents=file.amount_cents or campaign.amount_cents,
        language=language,
        started_at=now,
        page_expires_at=(now + PAGE_LIFE).replace(microsecond=0),
        look_at=now + FIRST_LOOK,
        link=link.digest if link else None,
    )
    started, entry = file.noted(
        Fact.PAYMENT_STARTED,
        at=now,
        actor=payer.value,
        about={"payment": payment.id},
        current_payment=payment.id,
        amount_cents=payment.amount_cents,
    )
    accepted = [link.after(Fact.LINK_ACCEPTED, payment=payment.id)] if link else []
    tools.store.commit(payment, started, entry, *accepted, *also)
    return _with_page(payment, tools=tools)


def revoked_link(file: File, *, tools: Tools) -> list[Row]:
    """The file's link, revoked, if it still lives; to be committed with what takes its place."""
    link = tools.store.find(PaymentLink, file.current_link) if file.current_link else None
    return [link.after(Fact.LINK_REVOKED)] if link and link.is_alive(tools.clock.now()) else []


def _with_page(payment: Payment, *, tools: Tools) -> Payment:
    opened = opened_page(payment, tools=tools)
    if not opened.is_open:
        raise Stale  # the provider refused it a page, and it was closed: decide again
    return opened


def _link_for(file: File, payer: Payer) -> str | None:
    return file.current_link if payer is Payer.THIRD_PARTY else None
