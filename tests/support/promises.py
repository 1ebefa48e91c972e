"""The promises of PROCESS.md §5 and the invariants of RELIABILITY.md §5, each a function that says how it is broken.

`ALWAYS` must hold between any two steps, whatever failed; `AT_QUIESCENCE` once the news is delivered or lost and the
sweeps have run. A promise yields one sentence per breach; `broken(world)` gathers them.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Protocol

from cvec.domain.accounts import ACCOUNT, Account, Claim, Person
from cvec.domain.certificates import Certificate, CertificateState
from cvec.domain.files import FILE, File, FileState
from cvec.domain.history import ACCOUNT_CHAIN, Entry, broken_at
from cvec.domain.ledger import LedgerLine, Movement
from cvec.domain.mails import TRIED_FOR, Mail, MailState
from cvec.domain.model import Row
from cvec.domain.payment_links import LinkState, PaymentLink
from cvec.domain.payments import Disposition, PageStatus, Payer, Payment, PaymentState
from cvec.domain.refunds import Refund, RefundState
from cvec.domain.sessions import token_digest
from cvec.usecases import keys
from cvec.usecases.third_party import link_token

from tests.proof.worlds import ProofWorld

Breaches = Iterable[str]
_GOOD = (CertificateState.ISSUING, CertificateState.ACTIVE, CertificateState.SUSPENDED)
_CLOSED = (PaymentState.EXPIRED, PaymentState.CANCELLED)
_UNDER_WAY = (RefundState.SUBMITTED, RefundState.SUCCEEDED)
_BACK = (Disposition.SURPLUS, Disposition.REFUND_DUE)


class Promise(Protocol):
    """A named promise."""

    __name__: str

    def __call__(self, world: ProofWorld) -> Breaches: ...


# ── Always ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def nothing_moves_but_along_its_table(world: ProofWorld) -> Breaches:
    """M3, C2, C3: states follow the tables; numbers, claims, facts and the terms of a payment never change."""
    return world.store.trespasses


def the_provider_is_never_asked_for_what_is_wrong(world: ProofWorld) -> Breaches:
    """Promise 4, M4: never more back than came in, and an attempt's page is always asked for in the same words."""
    return world.cards.wrongs


def a_number_belongs_to_one_file_for_ever(world: ProofWorld) -> Iterator[str]:
    """Promise 1, C2, C3: one number per person and year, claimed once, and the file quotes it."""
    claims = [claim for claim in world.store.of(Claim) if claim.of == keys.CERTIFICATE]
    for holder, times in Counter(claim.holder for claim in claims).items():
        if times > 1:
            yield f"{holder} holds {times} certificate numbers"
    holders = {claim.name: claim.holder for claim in claims}
    for certificate in world.store.of(Certificate):
        if holders.get(certificate.number.replace(" ", "")) != certificate.key:
            yield f"number {certificate.number} is not claimed by its certificate"
        file = world.store.find(File, *certificate.key)
        if file is None or file.certificate_number != certificate.number:
            yield f"the file of {certificate.number} quotes another number"


def a_settled_file_has_one_certificate_or_its_order(world: ProofWorld) -> Iterator[str]:
    """Promise 2, C1: settled if and only if a certificate is ordered, active or suspended."""
    for file in world.store.of(File):
        certificate = world.store.find(Certificate, *file.key)
        is_good = certificate is not None and certificate.state in _GOOD
        if file.is_settled != is_good:
            yield f"file {file.key} is {file.state}, its certificate {certificate.state if certificate else 'missing'}"
        if certificate and certificate.state is CertificateState.ISSUING and certificate.look_at is None:
            yield f"the order of certificate {certificate.number} is in nobody's hands"


def only_a_dispute_suspends_a_certificate(world: ProofWorld) -> Iterator[str]:
    """C5: suspended exactly while the payment that settles the file is disputed."""
    for certificate in world.store.of(Certificate):
        file = world.store.find(File, *certificate.key)
        payment = world.store.find(Payment, file.settled_by) if file and file.settled_by else None
        is_paid = file is not None and file.state is FileState.PAID
        is_disputed = is_paid and payment is not None and payment.state is PaymentState.DISPUTED
        if (certificate.state is CertificateState.SUSPENDED) != is_disputed:
            yield f"certificate {certificate.number} is {certificate.state}, disputed: {is_disputed}"


def a_certificate_never_precedes_what_it_certifies(world: ProofWorld) -> Iterator[str]:
    """C6: a first edition is ordered no earlier than the payment that earned it came in."""
    for certificate in world.store.of(Certificate):
        file = world.store.find(File, *certificate.key)
        payment = world.store.find(Payment, file.settled_by) if file and file.settled_by else None
        is_first = file is not None and file.state is FileState.PAID and certificate.edition == 1
        earned_at = payment.succeeded_at if payment else None
        if is_first and earned_at and certificate.ordered_at < earned_at:
            yield f"certificate {certificate.number} was ordered before it was earned"


def a_document_is_what_its_digest_says(world: ProofWorld) -> Iterator[str]:
    """C4: an active certificate can be downloaded, byte for byte."""
    for certificate in world.store.of(Certificate):
        if certificate.state is CertificateState.ACTIVE:
            document = world.shelf.documents.get(certificate.document or "")
            if document is None or hashlib.sha256(document).hexdigest() != certificate.digest:
                yield f"certificate {certificate.number} has no document, or another one"


def at_most_one_payment_is_applied_to_a_file(world: ProofWorld) -> Iterator[str]:
    """Promise 3, M2: and it is the one by which the file says it is settled."""
    applied: dict[tuple[str, str], list[str]] = defaultdict(list)
    for payment in world.store.of(Payment):
        if payment.disposition is Disposition.APPLIED:
            applied[payment.person_id, payment.year].append(payment.id)
    for file in world.store.of(File):
        mine = applied[file.person_id, file.year]
        if len(mine) > 1:
            yield f"{len(mine)} payments are applied to file {file.key}"
        if file.state is FileState.PAID and mine != [file.settled_by]:
            yield f"file {file.key} is paid by {file.settled_by}, but {mine} is applied"
        if file.state is FileState.OPEN and mine:
            yield f"file {file.key} is open although {mine} is applied"


def money_not_applied_has_its_refund_ordered(world: ProofWorld) -> Iterator[str]:
    """Promise 3: in the same transaction, once, in full, for the card that paid."""
    for payment in world.store.of(Payment):
        refunds = world.store.all(Refund, payment.id)
        if payment.disposition in _BACK and len(refunds) != 1:
            yield f"payment {payment.id} is {payment.disposition} and has {len(refunds)} refunds"
        for refund in refunds:
            page = world.cards.pages.get(payment.provider_ref or "")
            if page is None or (refund.amount_cents, refund.transaction) != (
                page.captured_cents,
                f"transaction-{page.ref}",
            ):
                yield f"the refund of {payment.id} is not of what was captured, or to another card"


def never_more_back_than_came_in(world: ProofWorld) -> Iterator[str]:
    """Promise 4, M4: refunded ≤ captured, and never both refunded and charged back."""
    for page in world.cards.pages.values():
        if page.refunded_cents > page.captured_cents:
            yield f"{page.ref}: {page.refunded_cents} refunded of {page.captured_cents}"
        if page.refunded_cents and page.charged_back_cents:
            yield f"{page.ref} was both refunded and charged back"
        tasks = world.store.all(Refund, page.payment.id)
        payment = world.store.find(Payment, page.payment.id)
        if payment and payment.state is PaymentState.LOST:
            for refund in tasks:
                if refund.state is RefundState.MANUAL:
                    yield f"an agent is still asked to give back {page.ref}, which the bank has taken"


def at_most_one_page_may_take_money(world: ProofWorld) -> Iterator[str]:
    """Promise 5, M5: per file, and none that we closed."""
    pages = world.cards.open_pages
    for file, times in Counter((page.payment.person_id, page.payment.year) for page in pages).items():
        if times > 1:
            yield f"{times} pages may take money for file {file}"
    for page in pages:
        payment = world.store.find(Payment, page.payment.id)
        if payment is None or payment.state in _CLOSED:
            yield f"{page.ref} may take money although its attempt is closed"


def at_most_one_link_lives(world: ProofWorld) -> Iterator[str]:
    """Promise 6: per file, and the file knows it."""
    alive = [link for link in world.store.of(PaymentLink) if link.is_alive(world.clock.now())]
    for file, times in Counter((link.person_id, link.year) for link in alive).items():
        if times > 1:
            yield f"{times} links of file {file} live"
    for link in alive:
        current = world.store.find(File, link.person_id, link.year)
        if current is None or current.current_link != link.digest:
            yield f"link {link.id} lives, and its file has forgotten it"
            continue
        payment = world.store.find(Payment, current.current_payment) if current.current_payment else None
        if payment and payment.payer is Payer.SELF and payment.is_open and payment.started_at >= link.offered_at:
            yield f"link {link.id} lives although the student has begun to pay alone"


def a_link_leads_to_one_payment_within_its_48_hours(world: ProofWorld) -> Iterator[str]:
    """Promise 6, M5, P3: none starts at or after the 48th hour; none can be paid once refused or revoked."""
    applied: Counter[str] = Counter()
    for payment in world.store.of(Payment):
        link = world.store.find(PaymentLink, payment.link) if payment.link else None
        if link is None:
            continue
        applied[link.digest] += payment.disposition is Disposition.APPLIED
        if not link.offered_at <= payment.started_at < link.expires_at:
            yield f"payment {payment.id} began outside the 48 hours of its link"
        page = world.cards.pages.get(f"page-{payment.id}")
        if link.state in (LinkState.DECLINED, LinkState.REVOKED) and page and page.status is PageStatus.OPEN:
            yield f"{page.ref} may take money although its link was {link.state}"
    yield from (f"link {digest[:6]} led to {times} applied payments" for digest, times in applied.items() if times > 1)


def the_amount_is_frozen(world: ProofWorld) -> Iterator[str]:
    """M6: every attempt asks for the amount frozen in the file."""
    for payment in world.store.of(Payment):
        file = world.store.find(File, payment.person_id, payment.year)
        if file is None or file.amount_cents != payment.amount_cents:
            yield f"payment {payment.id} asks for {payment.amount_cents}, its file says {file and file.amount_cents}"


def a_mail_leaves_only_from_the_outbox(world: ProofWorld) -> Iterator[str]:
    """Promise 8: what left was written first; what is said to have left did; what waits is in somebody's hands."""
    left = Counter(letter.id for letter in world.post.sent)
    written = {mail.id for mail in world.store.of(Mail)}
    yield from (f"mail {one} left without having been written" for one in left if one not in written)
    for mail in world.store.of(Mail):
        if mail.state is MailState.SENT and not left[mail.id]:
            yield f"mail {mail.id} ({mail.template}) is said to have left, and has not"
        if mail.state is MailState.WAITING and (mail.look_at is None or mail.to is None):
            yield f"mail {mail.id} ({mail.template}) waits and nobody will look at it"


def history_replays_to_what_is_stored(world: ProofWorld) -> Iterator[str]:
    """Promise 11, S2: positions without holes, and the facts lead to the stored state."""
    for file in world.store.of(File):
        entries = world.store.all(Entry, file.person_id, file.year)
        if [entry.position for entry in entries] != list(range(1, file.fact_count + 1)):
            yield f"the history of file {file.key} has holes or extras"
        elif broken_at(entries, file) is not None:
            yield f"the history of file {file.key} is not chained"
        elif FILE.replay(entry.name for entry in entries) is not file.state:
            yield f"the history of file {file.key} does not lead to {file.state}"
    for account in world.store.of(Account):
        facts = [entry.name for entry in world.store.all(Entry, account.person_id, ACCOUNT_CHAIN)]
        if len(facts) != account.fact_count or ACCOUNT.replay(facts) is not account.state:
            yield f"the history of account {account.person_id} does not lead to {account.state}"


def the_ledger_says_what_we_know(world: ProofWorld) -> Iterator[str]:
    """M1: every line belongs to a change, every change has its line, and a refund leaves the Crous that was paid."""
    lines: dict[str, list[LedgerLine]] = defaultdict(list)
    for line in world.store.of(LedgerLine):
        lines[line.payment_id].append(line)
    for payment in world.store.of(Payment):
        booked = {kind: _booked(lines[payment.id], kind) for kind in Movement}
        if (booked[Movement.CAPTURE] != 0) != (payment.succeeded_at is not None):
            yield f"the capture of {payment.id} is not in the ledger as it is in the payment"
        back = [one for one in world.store.all(Refund, payment.id) if one.state in _UNDER_WAY]
        if -booked[Movement.REFUND] != sum(refund.amount_cents for refund in back):
            yield f"the ledger has {booked[Movement.REFUND]} given back for {payment.id}"
        if len({line.crous for line in lines[payment.id]}) > 1:
            yield f"the money of {payment.id} came in for one Crous and went out of another"


def one_account_per_mailbox_and_ine(world: ProofWorld) -> Iterator[str]:
    """P1: each person holds the claims of their address and INE."""
    for person in world.store.of(Person):
        for of, name in ((keys.EMAIL, keys.email_key(person.email, tools=world)), (keys.INE, _ine(person, world))):
            claim = world.store.find(Claim, of, name)
            if claim is None or claim.holder != (person.id,):
                yield f"the {of} of {person.id} is not theirs alone"


# ── When all is quiet ───────────────────────────────────────────────────────────────────────────────────────────────
def money_kept_is_the_fee_of_a_paid_file(world: ProofWorld) -> Iterator[str]:
    """Promise 12, M1: to the cent; but for what waits in an agent's hands, which the manual queue lists."""
    kept: Counter[tuple[str, str]] = Counter()
    for page in world.cards.pages.values():
        kept[page.payment.person_id, page.payment.year] += (
            page.captured_cents - page.refunded_cents - page.charged_back_cents
        )
    manual: Counter[tuple[str, str]] = Counter()
    for refund in world.store.of(Refund):
        if refund.state is RefundState.MANUAL:
            manual[refund.person_id, refund.year] += refund.amount_cents
    for file in world.store.of(File):
        due = (file.amount_cents or 0) if file.state is FileState.PAID else 0
        held = kept[file.person_id, file.year] - manual[file.person_id, file.year]
        if held != due:
            yield f"file {file.key} is {file.state} and {held} cents are kept instead of {due}"


def every_capture_is_known(world: ProofWorld) -> Iterator[str]:
    """M2: no money that only the provider knows of."""
    for page in world.cards.pages.values():
        payment = world.store.find(Payment, page.payment.id)
        if page.captured_cents and (payment is None or payment.succeeded_at is None):
            yield f"{page.ref} took money nobody knows of"


def no_refund_is_left_undone(world: ProofWorld) -> Iterator[str]:
    """Promise 3: done, taken by the bank instead, or an agent's task."""
    done = (RefundState.SUCCEEDED, RefundState.DROPPED, RefundState.MANUAL)
    for refund in world.store.of(Refund):
        if refund.state not in done:
            yield f"the refund of {refund.payment_id} is still {refund.state}"


def every_settled_file_has_its_certificate(world: ProofWorld) -> Iterator[str]:
    """Promise 2: printed, not only ordered."""
    for file in world.store.of(File):
        certificate = world.store.find(Certificate, *file.key)
        if file.is_settled and (certificate is None or certificate.state is not CertificateState.ACTIVE):
            yield f"file {file.key} is settled and its certificate is {certificate and certificate.state}"


def nothing_is_left_to_look_at(world: ProofWorld) -> Iterator[str]:
    """The sweeps have no work left, only agents; attempts, orders and mails have ended."""
    for kind in (Payment, Refund, Certificate, Mail):
        for row in world.store.of(kind):
            if row.look_at is not None and not is_an_agents_task(row):
                yield f"{row.kind} {row.key} is still to be looked at"
    for link in world.store.due(PaymentLink, world.clock.now()):
        yield f"link {link.id} is overdue"


def is_an_agents_task(row: Row) -> bool:
    """A refund that failed too often stays in sight, for an agent and no sweep."""
    return isinstance(row, Refund) and row.state is RefundState.MANUAL


def every_mail_has_left(world: ProofWorld) -> Iterator[str]:
    """Promise 8, S1: none is lost, but to an outage of the mail service that lasts for days."""
    for mail in world.store.of(Mail):
        is_given_up = mail.left_at is not None and mail.left_at - mail.written_at >= TRIED_FOR
        if mail.state is not MailState.SENT and not is_given_up:
            yield f"mail {mail.id} ({mail.template}) is {mail.state}"


def both_accounts_agree(world: ProofWorld) -> Iterator[str]:
    """M1: the provider's and ours, per transaction, over all days."""
    ours: Counter[str] = Counter()
    theirs: Counter[str] = Counter()
    for line in world.store.of(LedgerLine):
        ours[line.transaction] += line.amount_cents
    for _, movement in world.cards.moved:
        theirs[movement.transaction] += movement.amount_cents
    for transaction in ours.keys() | theirs.keys():
        if ours[transaction] != theirs[transaction]:
            yield f"{transaction}: the provider counts {theirs[transaction]}, we {ours[transaction]}"


def only_digests_of_tokens_are_stored(world: ProofWorld) -> Iterator[str]:
    """Promise 7, P3."""
    for link in world.store.of(PaymentLink):
        token = link_token(link, tools=world)
        if link.digest != token_digest(token) or token in repr(link):
            yield f"link {link.id} is kept under something else than its token's digest"


ALWAYS: tuple[Promise, ...] = (
    nothing_moves_but_along_its_table,
    the_provider_is_never_asked_for_what_is_wrong,
    a_number_belongs_to_one_file_for_ever,
    a_settled_file_has_one_certificate_or_its_order,
    only_a_dispute_suspends_a_certificate,
    a_certificate_never_precedes_what_it_certifies,
    a_document_is_what_its_digest_says,
    at_most_one_payment_is_applied_to_a_file,
    money_not_applied_has_its_refund_ordered,
    never_more_back_than_came_in,
    at_most_one_page_may_take_money,
    at_most_one_link_lives,
    a_link_leads_to_one_payment_within_its_48_hours,
    the_amount_is_frozen,
    a_mail_leaves_only_from_the_outbox,
    history_replays_to_what_is_stored,
    the_ledger_says_what_we_know,
    one_account_per_mailbox_and_ine,
)
AT_QUIESCENCE: tuple[Promise, ...] = (
    money_kept_is_the_fee_of_a_paid_file,
    every_capture_is_known,
    no_refund_is_left_undone,
    every_settled_file_has_its_certificate,
    nothing_is_left_to_look_at,
    every_mail_has_left,
    both_accounts_agree,
    only_digests_of_tokens_are_stored,
)


class BrokenPromise(AssertionError):
    """At least one promise does not hold; the sentences say which and how."""


def broken(world: ProofWorld, promises: Iterable[Promise]) -> list[str]:
    """Every breach, each with the promise it breaks."""
    return [f"{promise.__name__}: {breach}" for promise in promises for breach in promise(world)]


def check_promises(world: ProofWorld, *, is_quiet: bool = False) -> None:
    """Raise BrokenPromise unless every promise holds: those of always, and when all is quiet the others too."""
    breaches = broken(world, (*ALWAYS, *AT_QUIESCENCE) if is_quiet else ALWAYS)
    if breaches:
        raise BrokenPromise("\n".join(breaches))


def _booked(lines: Iterable[LedgerLine], movement: Movement) -> int:
    return sum(line.amount_cents for line in lines if line.movement is movement)


def _ine(person: Person, world: ProofWorld) -> str:
    return keys.ine_key(person.ine, tools=world)
