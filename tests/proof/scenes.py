"""Every gesture of steps 1 to 4 and of the background, each in a scene: what came before, the act, what must follow.

After a fault the person tries again as people do: the same act, some minutes later, and whatever then says that it is
over or done is believed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from cvec.domain.accounts import Person
from cvec.domain.campaigns import CAMPAIGNS
from cvec.domain.files import File, FileState
from cvec.domain.ledger import day_of
from cvec.domain.mails import Mail, Template
from cvec.domain.payment_links import LIFE, ShownName
from cvec.domain.payments import PAGE_LIFE, DisputeStatus
from cvec.domain.registration import Draft
from cvec.ports import Tools
from cvec.usecases import (
    campaigns,
    certify,
    files,
    link_time,
    notify,
    passwords,
    pay,
    reconcile,
    register,
    settle,
    sign_in,
    third_party,
    verify,
    watch,
)

from tests.proof.grants import grant_exemption
from tests.proof.worlds import ProofWorld
from tests.support.people import (
    CONTACT,
    EMAIL,
    FRANCOIS,
    INE,
    LYON,
    NOT_REGISTERED,
    PASSWORD,
    YEAR,
    filled_but_email,
    letters_sent,
    password_token,
    registered,
    started,
    with_password,
)

Prepare = Callable[[ProofWorld, str], Any]
Act = Callable[[Any, Tools], object]
End = Callable[[ProofWorld], bool]


@dataclass(frozen=True)
class Scene:
    """`prepare` takes the world and a student ready to pay; `act` takes what that returned; `end` is what they want."""

    name: str
    prepare: Prepare
    act: Act
    end: End = lambda world: True
    students: int = 1


# ── What came before ────────────────────────────────────────────────────────────────────────────────────────────────
def nothing(_world: ProofWorld, student: str) -> str:
    return student


def at_page(world: ProofWorld, student: str) -> str:
    return pay.pay_by_card(student, YEAR, "fr", tools=world).payment


def paid(world: ProofWorld, student: str, cents: int | None = None) -> str:
    payment = at_page(world, student)
    assert world.cards.pay(f"page-{payment}", cents)
    return payment


def settled(world: ProofWorld, student: str) -> str:
    payment = paid(world, student)
    watch.look_into(payment, tools=world)
    return payment


def printed(world: ProofWorld, student: str) -> str:
    payment = settled(world, student)
    certify.issue(student, YEAR, tools=world)
    return payment


def mismatched(world: ProofWorld, student: str) -> str:
    return paid(world, student, 10400)


def surplus(world: ProofWorld, student: str) -> str:
    payment = paid(world, student)
    grant_exemption(student, YEAR, tools=world)
    return payment


def slow_refund(world: ProofWorld, student: str, status: str = "pending") -> str:
    payment = surplus(world, student)
    world.cards.refund_status = status
    settle.sync(payment, tools=world)
    return payment


def _refund_failed_long_ago(world: ProofWorld, student: str) -> str:
    """The provider's events of it were read, and nothing but the sweep will ever come back to it."""
    payment = slow_refund(world, student, "failed")
    for _ in range(2):
        reconcile.read_events(tools=world)
        world.clock.advance(hours=1)
    return payment


def contested(world: ProofWorld, student: str, *outcomes: DisputeStatus, before: Prepare = printed) -> str:
    payment: str = before(world, student)
    for outcome in (DisputeStatus.OPEN, *outcomes):
        world.cards.contest(f"page-{payment}", outcome)
    return payment


def linked(world: ProofWorld, student: str) -> str:
    asked = third_party.ask_third_party(
        student, YEAR, name=ShownName.FIRST_NAME, language="fr", payer_email="payer@example.org", tools=world
    )
    assert asked.url is not None
    return asked.url.rpartition("/")[2]


def accepted(world: ProofWorld, student: str) -> str:
    token = linked(world, student)
    third_party.accept_link(token, "fr", tools=world)
    return token


def student_with_payer_at_page(world: ProofWorld, student: str) -> str:
    accepted(world, student)
    return student


def paid_by_link(world: ProofWorld, student: str) -> str:
    payment = third_party.accept_link(linked(world, student), "fr", tools=world).payment
    assert world.cards.pay(f"page-{payment}")
    return payment


def later(span: timedelta, before: Prepare) -> Prepare:
    def prepare(world: ProofWorld, student: str) -> Any:
        found = before(world, student)
        world.clock.at += span
        return found

    return prepare


def student_after(before: Prepare) -> Prepare:
    def prepare(world: ProofWorld, student: str) -> str:
        before(world, student)
        return student

    return prepare


def mail_waiting(world: ProofWorld, _student: str) -> str:
    return next(mail.id for mail in world.store.of(Mail) if mail.to)


def drafted(world: ProofWorld, _student: str) -> str:
    draft = filled_but_email(world, INE)
    verify.give_email(draft, EMAIL, tools=world)
    return draft


def confirmed(world: ProofWorld, student: str) -> str:
    draft = drafted(world, student)
    verify.confirm_email(draft, letters_sent(draft, world), tools=world)
    return draft


# ── What must follow ────────────────────────────────────────────────────────────────────────────────────────────────
def file_is(state: FileState) -> End:
    def end(world: ProofWorld) -> bool:
        return [file.state for file in world.store.of(File)] == [state]

    return end


def pay_what_is_open(world: ProofWorld) -> None:
    """Whoever is in front of a page pays."""
    for page in world.cards.open_pages:
        world.cards.pay(page.ref)


PAID, OPEN, EXEMPT = (file_is(state) for state in (FileState.PAID, FileState.OPEN, FileState.EXEMPT))


def account_is_active(world: ProofWorld) -> bool:
    try:
        sign_in.sign_in(EMAIL, PASSWORD, tools=world)
    except Exception:  # noqa: BLE001 - whatever stops them, they cannot sign in
        return False
    return True


def _ask(student: str, tools: Tools) -> object:
    return third_party.ask_third_party(
        student, YEAR, name=ShownName.FIRST_NAME, language="fr", payer_email="payer@example.org", tools=tools
    )


def _sign(_student: str, tools: Tools) -> object:
    return sign_in.sign_in(EMAIL, PASSWORD, tools=tools)


def _password_link(world: ProofWorld, _student: str) -> str:
    registered(world)
    return password_token(world)


def _look(payment: str, tools: Tools) -> None:
    watch.look_into(payment, tools=tools)


_DEARER = CAMPAIGNS[YEAR].model_copy(update={"refund_until": date(2027, 5, 30)})

STREET: tuple[Scene, ...] = (
    Scene("start a registration", nothing, lambda _, t: register.start_registration("fr", tools=t)),
    Scene("save the identity", lambda w, _: started(w), lambda d, t: register.save_identity(d, FRANCOIS, tools=t)),
    Scene("save the INE", lambda w, _: started(w), lambda d, t: register.save_ine(d, INE, tools=t)),
    Scene(
        "save another INE once the mailbox is proved", confirmed, lambda d, t: register.save_ine(d, "X" + INE, tools=t)
    ),
    Scene(
        "save the institution",
        lambda w, _: started(w),
        lambda d, t: register.save_institution(d, NOT_REGISTERED, tools=t),
    ),
    Scene("save the contact", lambda w, _: started(w), lambda d, t: register.save_contact(d, CONTACT, tools=t)),
    Scene(
        "give the address",
        lambda w, _: filled_but_email(w, INE),
        lambda d, t: verify.give_email(d, EMAIL, tools=t),
        lambda w: any(m.template is Template.CODE for m in w.store.of(Mail)),
    ),
    Scene("send the code again", later(timedelta(minutes=2), drafted), lambda d, t: verify.send_code_again(d, tools=t)),
    Scene(
        "confirm the address",
        lambda w, s: (d := drafted(w, s), letters_sent(d, w)),
        lambda c, t: verify.confirm_email(*c, tools=t),
        lambda w: [d.state for d in w.store.of(Draft) if d.email == EMAIL] == ["email_verified"],
    ),
    Scene(
        "complete the registration",
        confirmed,
        lambda d, t: register.complete_registration(d, tools=t),
        lambda w: len(w.store.of(Person)) == 2,
    ),
    Scene(
        "set the password", _password_link, lambda k, t: passwords.set_password(k, PASSWORD, tools=t), account_is_active
    ),
    Scene(
        "send a password link",
        lambda w, _: with_password(w),
        lambda _, t: passwords.send_password_link(EMAIL, tools=t),
    ),
    Scene("sign in", lambda w, _: with_password(w), _sign, account_is_active),
    Scene(
        "sign out",
        lambda w, _: (with_password(w), sign_in.sign_in(EMAIL, PASSWORD, tools=w)[0])[1],
        lambda s, t: sign_in.sign_out(s, tools=t),
    ),
    Scene("prepare a file", nothing, lambda s, t: files.prepare_file(s, YEAR, **LYON, tools=t)),
    Scene("open another year's file", nothing, lambda s, t: files.prepare_file(s, "2025-2026", **LYON, tools=t)),
    Scene("read the file", nothing, lambda s, t: files.my_file(s, YEAR, tools=t)),
)

PAYING: tuple[Scene, ...] = (
    Scene("pay by card", nothing, lambda s, t: pay.pay_by_card(s, YEAR, "fr", tools=t), PAID),
    Scene("pay by card again", student_after(at_page), lambda s, t: pay.pay_by_card(s, YEAR, "fr", tools=t), PAID),
    Scene(
        "replace a page that is nearly over",
        later(timedelta(minutes=31), student_after(at_page)),
        lambda s, t: pay.pay_by_card(s, YEAR, "fr", tools=t),
        PAID,
    ),
    Scene(
        "pay by card after the page was paid unheard",
        later(timedelta(minutes=31), student_after(paid)),
        lambda s, t: pay.pay_by_card(s, YEAR, "fr", tools=t),
        PAID,
    ),
    Scene(
        "pay oneself while the payer is paying",
        student_with_payer_at_page,
        lambda s, t: pay.pay_by_card(s, YEAR, "fr", tools=t),
        PAID,
    ),
    Scene(
        "pay again after a lost dispute",
        student_after(lambda w, s: _look(contested(w, s, DisputeStatus.LOST), w)),
        lambda s, t: pay.pay_by_card(s, YEAR, "fr", tools=t),
        PAID,
    ),
    Scene("return from a paid page", paid, lambda p, t: pay.read_payment(p, tools=t), PAID),
    Scene(
        "return from a page that is over", later(PAGE_LIFE, at_page), lambda p, t: pay.read_payment(p, tools=t), OPEN
    ),
    Scene("ask a third party", nothing, _ask, OPEN),
    Scene("ask again while the payer is paying", student_with_payer_at_page, _ask, OPEN),
    Scene("ask while one's own page is open", student_after(at_page), _ask, OPEN),
    Scene("open a link", linked, lambda k, t: third_party.open_link(k, tools=t)),
    Scene("accept a link", linked, lambda k, t: third_party.accept_link(k, "fr", tools=t), PAID),
    Scene(
        "accept a link in its last second",
        later(LIFE - timedelta(seconds=1), linked),
        lambda k, t: third_party.accept_link(k, "fr", tools=t),
    ),
    Scene("refuse a link", linked, lambda k, t: third_party.refuse_link(k, "non", tools=t), OPEN),
    Scene("refuse while paying", accepted, lambda k, t: third_party.refuse_link(k, None, tools=t)),
    Scene("take a link back", student_after(linked), lambda s, t: third_party.revoke_link(s, YEAR, tools=t)),
    Scene(
        "take a link back while the payer is paying",
        student_with_payer_at_page,
        lambda s, t: third_party.revoke_link(s, YEAR, tools=t),
    ),
    Scene("see one's link", student_after(linked), lambda s, t: third_party.my_link(s, YEAR, tools=t)),
    Scene(
        "exempt an open file (stand-in)", student_after(at_page), lambda s, t: grant_exemption(s, YEAR, tools=t), EXEMPT
    ),
    Scene(
        "exempt a paid file (stand-in)", student_after(printed), lambda s, t: grant_exemption(s, YEAR, tools=t), EXEMPT
    ),
    Scene(
        "exempt a disputed file (stand-in)",
        student_after(lambda w, s: _look(contested(w, s), w)),
        lambda s, t: grant_exemption(s, YEAR, tools=t),
        EXEMPT,
    ),
)

BACKGROUND: tuple[Scene, ...] = (
    Scene(
        "take a notification",
        paid,
        lambda p, t: watch.take_notification({"stripe-signature": "good"}, p.encode(), tools=t),
        PAID,
    ),
    Scene("look into a paid page", paid, _look, PAID),
    Scene("look into a page paid by a third party", paid_by_link, _look, PAID),
    Scene("look into a page that is over", later(PAGE_LIFE, at_page), _look, OPEN),
    Scene("look into an attempt without a page", nothing, lambda s, t: pay.pay_by_card(s, YEAR, "fr", tools=t)),
    Scene("look into a wrong amount", mismatched, _look, OPEN),
    Scene("look into a surplus", surplus, _look, EXEMPT),
    Scene("look into a slow refund", slow_refund, _look, EXEMPT),
    Scene("look into a failed refund", lambda w, s: slow_refund(w, s, "failed"), _look, EXEMPT),
    Scene("look into a dispute opened", contested, _look, PAID),
    Scene("look into a dispute won", lambda w, s: contested(w, s, DisputeStatus.WON), _look, PAID),
    Scene("look into a dispute lost", lambda w, s: contested(w, s, DisputeStatus.LOST), _look, OPEN),
    Scene("look into a dispute before printing", lambda w, s: contested(w, s, before=settled), _look, PAID),
    Scene(
        "look into a surplus lost to its bank",
        lambda w, s: contested(w, s, DisputeStatus.LOST, before=surplus),
        _look,
        EXEMPT,
    ),
    Scene("reconcile", later(timedelta(minutes=3), paid), lambda _, t: watch.reconcile(tools=t), PAID),
    Scene("reconcile a page that is over", later(PAGE_LIFE, at_page), lambda _, t: watch.reconcile(tools=t), OPEN),
    Scene("reconcile a refund", slow_refund, lambda _, t: watch.reconcile(tools=t), EXEMPT),
    Scene("reconcile an old failed refund", _refund_failed_long_ago, lambda _, t: watch.reconcile(tools=t), EXEMPT),
    Scene("read the provider's events", paid, lambda _, t: reconcile.read_events(tools=t), PAID),
    Scene("read the provider's events of a dispute", contested, lambda _, t: reconcile.read_events(tools=t), PAID),
    Scene("repair a day", contested, lambda _, t: reconcile.repair_day(day_of(t.clock.now()), tools=t), PAID),
    Scene("close yesterday", later(timedelta(days=1), paid), lambda _, t: reconcile.close_yesterday(tools=t), PAID),
    Scene("remind of a link", later(timedelta(hours=25), linked), lambda _, t: link_time.tend_links(tools=t)),
    Scene("end a link", later(LIFE, linked), lambda _, t: link_time.tend_links(tools=t), OPEN),
    Scene(
        "end a link while the payer is paying",
        later(timedelta(minutes=1), lambda w, s: _in_the_last_minute(w, s)),
        lambda _, t: link_time.tend_links(tools=t),
    ),
    Scene("issue a certificate", student_after(settled), lambda s, t: certify.issue(s, YEAR, tools=t), PAID),
    Scene(
        "issue the late ones", later(timedelta(minutes=2), settled), lambda _, t: certify.issue_late_ones(tools=t), PAID
    ),
    Scene(
        "read one's certificate", student_after(printed), lambda s, t: certify.my_certificate(s, YEAR, tools=t), PAID
    ),
    Scene(
        "check a certificate", lambda w, s: _number(w, s), lambda n, t: certify.check_certificate(n, "NDIAY", tools=t)
    ),
    Scene("deliver a mail", mail_waiting, lambda m, t: notify.deliver(m, tools=t)),
    Scene(
        "deliver the late ones",
        later(timedelta(minutes=2), mail_waiting),
        lambda _, t: notify.deliver_late_ones(tools=t),
    ),
    Scene(
        "change a campaign",
        nothing,
        lambda _, t: campaigns.change_campaign(_DEARER, by="admin", reason="test", tools=t),
    ),
)


def _in_the_last_minute(world: ProofWorld, student: str) -> str:
    token = linked(world, student)
    world.clock.at += LIFE - timedelta(seconds=30)
    return third_party.accept_link(token, "fr", tools=world).payment


def _number(world: ProofWorld, student: str) -> str:
    printed(world, student)
    file = world.store.find(File, student, YEAR)
    assert file is not None
    assert file.certificate_number is not None
    return file.certificate_number


SCENES = (*STREET, *PAYING, *BACKGROUND)
