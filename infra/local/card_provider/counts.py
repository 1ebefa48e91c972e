"""The counts a test asks for: money to the cent, Sessions by status, notifications pending."""

from collections import Counter

from infra.local.card_provider.ledger import Ledger
from infra.local.card_provider.refusals import Json


def count(ledger: Ledger) -> Json:
    """Everything in numbers; `kept_cents` is captured − refunded − disputed and not won back."""
    captured = sum(charge["amount_captured"] for charge in ledger.all("charge"))
    refunded = sum(refund["amount"] for refund in ledger.all("refund") if refund["status"] != "failed")
    disputed = sum(dispute["amount"] for dispute in ledger.all("dispute") if dispute["status"] != "won")
    return {
        "now": ledger.clock.now(),
        "sessions": _by_status(ledger, "checkout.session"),
        "charges": _by_status(ledger, "charge"),
        "refunds": _by_status(ledger, "refund"),
        "disputes": _by_status(ledger, "dispute"),
        "captured_cents": captured,
        "refunded_cents": refunded,
        "disputed_cents": disputed,
        "kept_cents": captured - refunded - disputed,
        "events": len(ledger.all("event")),
        "faults_pending": len(ledger.faults.calls) + len(ledger.faults.deliveries),
        "deliveries_pending": len(ledger.state.deliveries),
    }


def _by_status(ledger: Ledger, kind: str) -> dict[str, int]:
    return dict(Counter(thing["status"] for thing in ledger.all(kind)))
