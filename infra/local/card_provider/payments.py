"""A card is tried on a page: charged, declined, or sent to 3-D Secure first; a page is charged at most once."""

from dataclasses import asdict, dataclass
from typing import Literal

from infra.local.card_provider import balance, cards, charges, declines, disputes, intents, sessions
from infra.local.card_provider.cards import TestCard
from infra.local.card_provider.events import happened
from infra.local.card_provider.ids import new_id
from infra.local.card_provider.ledger import Ledger
from infra.local.card_provider.refusals import Json


@dataclass(frozen=True)
class Payer:
    """What the payer typed beside the number; the security code is checked and forgotten."""

    name: str
    email: str
    exp_month: int
    exp_year: int


@dataclass(frozen=True)
class Outcome:
    """What became of a try.

    `code` is the decline to tell the payer, `challenge` names the 3-D Secure page to go to, `closed` means that the
    page had already ended (paid in another tab, or expired), `superseded` that another try replaced this challenge.
    """

    status: Literal["paid", "declined", "challenge", "closed", "superseded"]
    code: str | None = None
    challenge: str | None = None


def pay(ledger: Ledger, session: Json, number: str, payer: Payer) -> Outcome:
    """Try a card whose form was well filled in."""
    if session["status"] != "open":
        return Outcome("closed")
    intent = intents.of_session(ledger, session)
    # A new try, perhaps in another tab, replaces a challenge still waiting for its answer.
    ledger.note(intent["id"]).pop("challenge", None)
    card = cards.find(number) or TestCard(number, decline="test_mode_live_card")
    path = cards.authentication(card, session["payment_method_options"]["card"]["request_three_d_secure"])
    if path == "challenge":
        return _challenge(ledger, intent, card, payer)
    if path == "error":
        return _authentication_failed(ledger, intent)
    return _charge(ledger, intent, card, payer, result="attempt_acknowledged" if path != "none" else None)


def authenticate(ledger: Ledger, session: Json, challenge: str, *, is_approved: bool) -> Outcome:
    """The payer answered the bank; `challenge` is the one the page was opened for."""
    if session["status"] != "open":
        return Outcome("closed")
    waiting = waiting_challenge(ledger, session)
    if waiting is None or waiting["id"] != challenge:
        return Outcome("superseded")
    intent = ledger.get("payment_intent", session["payment_intent"])
    ledger.note(intent["id"]).pop("challenge")
    if not is_approved:
        return _authentication_failed(ledger, intent)
    payer = Payer(**waiting["payer"])
    return _charge(ledger, intent, cards.TEST_CARDS[waiting["number"]], payer, result="authenticated")


def waiting_challenge(ledger: Ledger, session: Json) -> Json | None:
    """The 3-D Secure step the Session waits on, or None."""
    if session["payment_intent"] is None:
        return None
    challenge: Json | None = ledger.note(session["payment_intent"]).get("challenge")
    return challenge


def _challenge(ledger: Ledger, intent: Json, card: TestCard, payer: Payer) -> Outcome:
    challenge = new_id("auth")
    # Only published test numbers can reach this line, so keeping one keeps nobody's secret.
    note = {"id": challenge, "number": card.number, "payer": asdict(payer)}
    ledger.note(intent["id"])["challenge"] = note
    intents.challenge(ledger, intent)
    return Outcome("challenge", challenge=challenge)


def _authentication_failed(ledger: Ledger, intent: Json) -> Outcome:
    intents.fail(ledger, intent, declines.authentication_error())
    return Outcome("declined", code=declines.AUTHENTICATION_FAILURE)


def _charge(ledger: Ledger, intent: Json, card: TestCard, payer: Payer, *, result: str | None) -> Outcome:
    flow = "challenge" if result == "authenticated" else None
    secured = charges.three_d_secure(card.brand, flow=flow, result=result) if result else None
    shape = charges.refused if card.decline else charges.taken
    charge = ledger.put(shape(intent, card, asdict(payer), secured, ledger.clock.now()))
    if card.decline:
        return _declined(ledger, intent, charge, card.decline)
    _captured(ledger, intent, charge, card, payer)
    return Outcome("paid")


def _declined(ledger: Ledger, intent: Json, charge: Json, decline: str) -> Outcome:
    happened(ledger, "charge.failed", charge)
    intent["latest_charge"] = charge["id"]
    intents.fail(ledger, intent, declines.error(decline, charge["id"]))
    return Outcome("declined", code=decline)


def _captured(ledger: Ledger, intent: Json, charge: Json, card: TestCard, payer: Payer) -> None:
    charge["balance_transaction"] = balance.charge(ledger, charge)["id"]
    ledger.note(charge["id"])["refund"] = card.refund
    happened(ledger, "charge.succeeded", ledger.put(charge))
    intents.succeed(ledger, intent, charge)
    session = ledger.get("checkout.session", ledger.note(intent["id"])["session"])
    sessions.complete(ledger, session, {"email": payer.email, "name": payer.name})
    if card.dispute:
        disputes.open_on(ledger, charge, reason=card.dispute)
