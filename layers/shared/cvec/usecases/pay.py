"""Step 3, paying by card: one attempt at a time, one page that can take money, and what the payer is told."""

from cvec.domain.academic_year import AcademicYear
from cvec.domain.campaigns import Campaign, open_campaign
from cvec.domain.errors import AlreadyInOrder, FileNotReady, PageOpening, Stale, UnknownPayment
from cvec.domain.facts import Fact
from cvec.domain.files import File, FileState
from cvec.domain.payments import FIRST_LOOK, PAGE_LIFE, Disposition, Payer, Payment, PaymentState
from cvec.ports import Tools
from cvec.usecases.again import again_if_stale
from cvec.usecases.answers import PageOffered, PaymentView
from cvec.usecases.card_page import opened_page
from cvec.usecases.files import check_not_blocked
from cvec.usecases.settle import sync

_SUCCESSES = (PaymentState.SUCCEEDED, PaymentState.DISPUTED, PaymentState.WON, PaymentState.LOST)


@again_if_stale
def pay_by_card(person_id: str, year: AcademicYear, language: str, *, tools: Tools) -> PageOffered:
    """Send the student to the provider's page: the one already open for them, or a new one.

    Clicking twice, or in fifty tabs, gives the same page; so there is never a second page that could take money.
    Raises CampaignNotOpen, AccountBlocked, FileNotReady, AlreadyInOrder, PageOpening, CardProviderUnavailable.
    """
    campaign = open_campaign(year, tools.clock.now().date())
    check_not_blocked(person_id, tools=tools)
    file = _payable_file(person_id, year, tools=tools)
    payment = tools.store.find(Payment, file.current_payment) if file.current_payment else None
    if payment and payment.is_open and not payment.is_worth_showing(tools.clock.now()):
        payment = sync(payment.id, close=True, tools=tools)
        file = _payable_file(person_id, year, tools=tools)
    if payment is None or not payment.is_open:
        payment = _start(file, campaign, language, tools=tools)
    return _offer(payment, tools=tools)


def read_payment(payment_id: str, *, person_id: str | None = None, tools: Tools) -> PaymentView:
    """Where a payment stands, after asking the provider: what the return page shows.

    With `person_id`, only their own. Raises UnknownPayment.
    """
    payment = tools.store.find(Payment, payment_id)
    if payment is None or person_id not in (None, payment.person_id):
        raise UnknownPayment
    if payment.is_open:
        payment = sync(payment_id, tools=tools)
    file = tools.store.find(File, payment.person_id, payment.year)
    return PaymentView(
        payment=payment.id,
        year=payment.year,
        state=payment.state,
        amount_cents=payment.amount_cents,
        is_money_taken=_is_money_taken(payment),
        is_refunded=payment.disposition in (Disposition.SURPLUS, Disposition.REFUND_DUE),
        certificate_number=file.certificate_number if file and person_id else None,
    )


def _is_money_taken(payment: Payment) -> bool | None:
    """True once captured, False on a page that is closed, None while the provider may still say either."""
    return True if payment.state in _SUCCESSES else None if payment.is_open else False


def _payable_file(person_id: str, year: AcademicYear, *, tools: Tools) -> File:
    file = tools.store.find(File, person_id, year)
    if file is None or not file.is_ready_to_pay:
        raise FileNotReady
    if file.state is not FileState.OPEN:
        raise AlreadyInOrder
    return file


def _start(file: File, campaign: Campaign, language: str, *, tools: Tools) -> Payment:
    """Write the attempt, with everything its page will say, before the provider hears of it."""
    now = tools.clock.now()
    payment = Payment(
        id=tools.chance.new_id(),
        person_id=file.person_id,
        year=file.year,
        payer=Payer.SELF,
        state=PaymentState.CREATED,
        amount_cents=file.amount_cents or campaign.amount_cents,
        language=language,
        started_at=now,
        page_expires_at=(now + PAGE_LIFE).replace(microsecond=0),
        look_at=now + FIRST_LOOK,
    )
    file = file.after(Fact.PAYMENT_STARTED, current_payment=payment.id, amount_cents=payment.amount_cents)
    tools.store.commit(payment, file, file.entry(Fact.PAYMENT_STARTED, at=now, actor="student", payment=payment.id))
    return payment


def _offer(payment: Payment, *, tools: Tools) -> PageOffered:
    """The page of an attempt that is open. One that the provider is still deciding about is not offered again."""
    if not payment.is_worth_showing(tools.clock.now()):
        raise PageOpening(retry_after=30)
    opened = opened_page(payment, tools=tools)
    if not opened.is_open:
        raise Stale  # the provider refused it a page, and it was closed: decide again
    return PageOffered(
        payment=opened.id,
        url=opened.page_url or "",
        expires_at=opened.page_expires_at,
        amount_cents=opened.amount_cents,
    )
