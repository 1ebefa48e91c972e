"""A stand-in for the card provider: Stripe's protocol on this machine, for the laptop and the tests.

    from infra.local.card_provider import CardProvider
    with CardProvider() as provider:
        client = stripe.StripeClient("sk_test_laptop", base_addresses={"api": provider.url}, …)

No account, no real card, nothing off this machine. `Control` holds the levers: faults, clock, disputes.
"""

from infra.local.card_provider.control import Control
from infra.local.card_provider.provider import CardProvider

__all__ = ["CardProvider", "Control"]
