"""`cvec payment`: what we and the card provider know of one payment, and its file's history. Nothing about anybody."""

from typing import Any

from cvec.domain.errors import Refusal, UnknownPayment
from cvec.domain.history import Entry
from cvec.domain.payments import Payment
from cvec.domain.refunds import Refund
from cvec.ports import Tools
from cvec.usecases.watch import look_into

from infra.deploy.cli.deployments import Asked
from infra.deploy.cli.reports import Report

_OURS = {"id", "year", "payer", "state", "disposition", "amount_cents", "started_at", "page_expires_at", "succeeded_at"}
_THEIRS = {"status", "amount_cents", "currency", "is_live", "three_d_secure", "last_decline", "dispute"}
_REFUND = {"reason", "state", "amount_cents", "requested_at", "tries"}
_FACT = ("position", "at", "name", "actor", "about")


def shown(asked: Asked, tools: Tools) -> Report:
    """The payment here and there; with `--look`, after acting on what the provider says.

    Raises UnknownPayment, CardProviderUnavailable.
    """
    if asked.look:
        look_into(asked.payment, tools=tools)
    payment = tools.store.find(Payment, asked.payment)
    if payment is None:
        raise UnknownPayment
    refunds = tools.store.all(Refund, payment.id)
    return Report(
        {
            "payment": payment.model_dump(mode="json", include=_OURS),
            "provider": _truth(payment, tools=tools),
            "refunds": [refund.model_dump(mode="json", include=_REFUND) for refund in refunds],
            "history": _history(payment, tools=tools),
        }
    )


def _truth(payment: Payment, *, tools: Tools) -> dict[str, Any]:
    """What the provider says now; where it does not answer, that."""
    if payment.provider_ref is None:
        return {"status": "no page was opened"}
    try:
        return tools.cards.fetch(payment.provider_ref).model_dump(mode="json", include=_THEIRS)
    except Refusal as refusal:
        return {"status": refusal.code}


def _history(payment: Payment, *, tools: Tools) -> list[dict[str, Any]]:
    """The facts of the payment's file, in order: ids and amounts, as the law of histories has it."""
    entries = tools.store.all(Entry, payment.person_id, payment.year)
    plain = (entry.model_dump(mode="json") for entry in entries)
    return [{name: one[name] for name in _FACT} for one in plain]
