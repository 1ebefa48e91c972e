"""The card provider: Stripe Checkout's hosted page through the official SDK, which is imported when first needed.

The page is asked for with one idempotency key per attempt and parameters stored beforehand: asking twice opens one
page. Written against API version 2026-08-26.dahlia; see DECISIONS.md for what was not tried on the live network.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from cvec.adapters.stripe_words import (
    EVENT_TYPES,
    dispute_behind,
    is_disputed,
    movement_from,
    page_parameters,
    pointer_from,
    snapshot_from,
)
from cvec.domain.errors import CardProviderUnavailable, ForgedNotification
from cvec.domain.ledger import ProviderMovement
from cvec.domain.model import Value
from cvec.domain.payments import PageStatus, Payment, Snapshot
from cvec.domain.refunds import Refund
from cvec.ports import PageBusy, PageRefused, PaymentPage, Pointer, RefundReceipt

if TYPE_CHECKING:
    from stripe import StripeClient, StripeError

API_VERSION = "2026-08-26.dahlia"
_TIMEOUTS = (2, 5)
_TOLERANCE_SECONDS = 300
_REFUSED_REFUNDS = {"charge_disputed": "disputed", "charge_already_refunded": "succeeded"}


class CardKeys(Value):
    """What an administrator stores of the provider: its key, and the secrets that sign notifications."""

    api_key: str
    notification_secrets: tuple[str, ...]


class StripeGateway:
    """The `CardGateway` port on Stripe. `api_base` is empty but on a laptop, where the stand-in answers."""

    def __init__(self, read_keys: Callable[[], CardKeys], *, site_url: str, api_base: str, is_live: bool) -> None:
        self._read_keys = read_keys
        self._site_url = site_url
        self._api_base = api_base
        self.form_action_origins: tuple[str, ...] = (api_base or "https://checkout.stripe.com",)
        self.is_live = is_live

    def open_page(self, payment: Payment) -> PaymentPage:
        """Open the page of a payment, or find the one already opened for it. Raises PageBusy, PageRefused."""
        import stripe

        parameters = page_parameters(payment, site_url=self._site_url)
        with _translated():
            try:
                session = self._client.v1.checkout.sessions.create(
                    params=parameters, options={"idempotency_key": f"create:{payment.id}"}
                )
            except stripe.StripeError as error:
                _say_why_there_is_no_page(error)
                raise  # a page asked for wrongly is a fault of ours, which must wake somebody up
        return PaymentPage(ref=session.id, url=session.url or "")

    def fetch(self, ref: str) -> Snapshot:
        """The truth about a page."""
        with _translated():
            session = self._client.v1.checkout.sessions.retrieve(
                ref, params={"expand": ["payment_intent.latest_charge"]}
            )
            plain = session.to_dict()
            disputes = self._disputes_of(plain) if is_disputed(plain) else []
        return snapshot_from(plain, disputes)

    def close_page(self, ref: str) -> bool:
        """Make sure the page can no longer take money. False: too late, it has."""
        import stripe

        with _translated():
            try:
                self._client.v1.checkout.sessions.expire(ref)
            except stripe.InvalidRequestError:
                return self.fetch(ref).status is PageStatus.EXPIRED
        return True

    def refund(self, refund: Refund) -> RefundReceipt:
        """Give the money back, or find that it was given back: what the provider already did is looked up first."""
        with _translated():
            done = self._find_refund(refund) or self._new_refund(refund)
        return done if isinstance(done, RefundReceipt) else _receipt(done)

    def read_notification(self, headers: Mapping[str, str], body: bytes) -> Pointer:
        """Verify the signature on the raw bytes, by any of the current secrets. Raises ForgedNotification."""
        signature = headers.get("stripe-signature", "")
        for secret in self._keys.notification_secrets:
            event = _signed_event(body, signature, secret)
            if event is not None:
                return pointer_from(event)
        raise ForgedNotification

    def events(self, since: datetime) -> Iterator[Pointer]:
        """What happened at the provider since a moment, oldest first."""
        with _translated():
            listed = self._client.v1.events.list(
                params={"created": {"gte": int(since.timestamp())}, "types": list(EVENT_TYPES), "limit": 100}
            )
            found = [pointer_from(event.to_dict()) for event in listed.auto_paging_iter()]
        return iter(found[::-1])

    def movements(self, day: date) -> Iterator[ProviderMovement]:
        """The provider's balance transactions of a day in UTC."""
        start = datetime.combine(day, time(), UTC)
        end = start + timedelta(days=1)
        with _translated():
            listed = self._client.v1.balance_transactions.list(
                params={
                    "created": {"gte": int(start.timestamp()), "lt": int(end.timestamp())},
                    "expand": ["data.source"],
                    "limit": 100,
                }
            )
            found = [movement_from(self._with_dispute(one.to_dict())) for one in listed.auto_paging_iter()]
        return iter([one for one in found if one is not None])

    def _with_dispute(self, line: Mapping[str, Any]) -> Mapping[str, Any]:
        """The balance transaction with the dispute it comes from, which a list may only name."""
        dispute = dispute_behind(line)
        return {**line, "source": self._client.v1.disputes.retrieve(dispute).to_dict()} if dispute else line

    def _disputes_of(self, session: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        listed = self._client.v1.disputes.list(params={"payment_intent": session["payment_intent"]["id"]})
        return [one.to_dict() for one in listed.data]

    def _new_refund(self, refund: Refund) -> Any:
        """Ask for the refund. A disputed charge cannot be refunded: the bank decides first."""
        import stripe

        try:
            return self._client.v1.refunds.create(
                params={
                    "payment_intent": refund.transaction,
                    "amount": refund.amount_cents,
                    "metadata": {"payment": refund.payment_id, "reason": refund.reason, "try": str(refund.tries)},
                },
                options={"idempotency_key": f"refund:{refund.payment_id}:{refund.reason}:{refund.tries}"},
            )
        except stripe.InvalidRequestError as error:
            if error.code in _REFUSED_REFUNDS:
                # a name for the ledger's line, whose refs are each their own
                return RefundReceipt(ref=refund.provider_ref or refund.transaction, status=_REFUSED_REFUNDS[error.code])
            raise

    def _find_refund(self, refund: Refund) -> Any:
        """The refund that this very order made, if its reply was lost or it has moved since."""
        made = self._client.v1.refunds.list(params={"payment_intent": refund.transaction, "limit": 100})
        ours = {"payment": refund.payment_id, "reason": refund.reason.value, "try": str(refund.tries)}
        return next((one for one in made.data if _plain(one.metadata) == ours), None)

    @cached_property
    def _keys(self) -> CardKeys:
        return self._read_keys()

    @cached_property
    def _client(self) -> "StripeClient":
        import stripe

        return stripe.StripeClient(
            self._keys.api_key,
            stripe_version=API_VERSION,
            max_network_retries=2,
            http_client=stripe.RequestsClient(timeout=_TIMEOUTS),
            base_addresses={"api": self._api_base} if self._api_base else {},
        )


def _say_why_there_is_no_page(error: "StripeError") -> None:
    """Raise PageBusy or PageRefused where the error means that. The SDK has no class of its own for 409."""
    import stripe

    if error.http_status == 409:
        raise PageBusy from error
    if isinstance(error, stripe.IdempotencyError):
        # asked before by an earlier release, in other words: nobody was ever given that page's address
        raise PageRefused from error
    if isinstance(error, stripe.InvalidRequestError) and error.param == "expires_at":
        raise PageRefused from error


def _plain(metadata: Any) -> dict[str, str]:
    return dict(metadata.to_dict()) if metadata else {}


def _receipt(refund: Any) -> RefundReceipt:
    return RefundReceipt(ref=refund.id, status=_refund_status(refund.status))


def _refund_status(status: str | None) -> str:
    return {"succeeded": "succeeded", "failed": "failed", "canceled": "failed"}.get(status or "", "pending")


def _signed_event(body: bytes, signature: str, secret: str) -> Mapping[str, Any] | None:
    import stripe

    if not signature.isascii():  # the SDK's comparison takes no other text, and would raise TypeError
        return None
    try:
        stripe.WebhookSignature.verify_header(body.decode(), signature, secret, _TOLERANCE_SECONDS)
        event = json.loads(body)
    except (stripe.SignatureVerificationError, ValueError):
        return None
    return event if isinstance(event, dict) else None


@contextmanager
def _translated() -> Iterator[None]:
    """A provider that cannot be reached, or fails, leaves us not knowing; it never means that a payment failed."""
    import stripe

    try:
        yield
    except (stripe.APIConnectionError, stripe.APIError, stripe.RateLimitError) as error:
        raise CardProviderUnavailable from error


def checked_keys(keys: CardKeys, *, is_live: bool, api_base: str, known: Sequence[str] = ("sk_", "rk_")) -> CardKeys:
    """Refuse to start with test keys in production, live keys elsewhere, or a base that is not the provider's."""
    wanted = tuple(f"{prefix}{'live' if is_live else 'test'}_" for prefix in known)
    if not keys.api_key.startswith(wanted):
        raise ValueError("the card provider's key is not of this stage")
    if api_base and is_live:
        raise ValueError("production talks to the card provider itself")
    return keys
