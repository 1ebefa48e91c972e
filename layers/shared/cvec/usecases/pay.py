"""Step 3, paying by one's own card, and what a payer is told afterwards."""

from cvec.domain.academic_year import AcademicYear
from cvec.domain.errors import UnknownPayment
from cvec.domain.files import File
from cvec.domain.payments import Payer, Payment
from cvec.ports import Tools
from cvec.usecases.again import again_if_stale
from cvec.usecases.answers import PageOffered, PaymentView
from cvec.usecases.attempts import cleared_file, offered_page, payable_file, revoked_link, started_payment
from cvec.usecases.campaigns import open_campaign_today
from cvec.usecases.files import check_not_blocked
from cvec.usecases.settle import sync


@again_if_stale
def pay_by_card(person_id: str, year: AcademicYear, language: str, *, tools: Tools) -> PageOffered:
    """Send the student to the provider's page: the one already open for them, or a new one.

    Clicking twice, or in fifty tabs, gives the same page; so there is never a second page that could take money. A link
    given to somebody else is revoked, its page closed first.
    Raises CampaignNotOpen, AccountBlocked, FileNotReady, AlreadyInOrder, PageOpening, CardProviderUnavailable.
    """
    campaign = open_campaign_today(year, tools=tools)
    check_not_blocked(person_id, tools=tools)
    file = payable_file(person_id, year, tools=tools)
    payment = offered_page(file, Payer.SELF, tools=tools)
    if payment is None:
        file = cleared_file(file, tools=tools)
        revoked = revoked_link(file, tools=tools)
        payment = started_payment(file, campaign, language, payer=Payer.SELF, also=revoked, tools=tools)
    return PageOffered.of(payment)


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
    return PaymentView.of(payment, number=file.certificate_number if file and person_id else None)
