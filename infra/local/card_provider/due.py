"""What time alone changes: pages expire, slow refunds end."""

from infra.local.card_provider import refunds, sessions
from infra.local.card_provider.ids import kind_of
from infra.local.card_provider.ledger import Ledger


def settle(ledger: Ledger) -> None:
    """Make the ledger as it would be had somebody watched the clock; call it before every reading."""
    now = ledger.clock.now()
    for identifier in [one for one, at in ledger.state.due.items() if at <= now]:
        _settle(ledger, identifier)


def _settle(ledger: Ledger, identifier: str) -> None:
    if kind_of(identifier) == "refund":
        refunds.settle(ledger, ledger.get("refund", identifier))
    else:
        sessions.close(ledger, ledger.get("checkout.session", identifier))
