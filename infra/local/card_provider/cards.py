"""The published test cards of Stripe, and what each of them does; no other number is ever charged."""

from dataclasses import dataclass
from typing import Literal

ThreeDSecure = Literal["not_enrolled", "supported", "required", "error_if_asked", "error"]
Authentication = Literal["none", "acknowledged", "challenge", "error"]


@dataclass(frozen=True)
class TestCard:
    """One published number and its fate. Source: docs.stripe.com/testing."""

    __test__ = False  # pytest collects by name: this is a card, not a test

    number: str
    three_d_secure: ThreeDSecure = "not_enrolled"
    decline: str | None = None
    refund: Literal["succeeded", "pending", "fails_later"] = "succeeded"
    dispute: str | None = None
    network: str | None = None
    country: str = "US"

    @property
    def brand(self) -> str:
        """`visa`, `mastercard`, `amex` or `discover`, as Stripe names them."""
        return brand(self.number)


TEST_CARDS = {
    card.number: card
    for card in (
        TestCard("4242424242424242"),
        TestCard("5555555555554444"),
        TestCard("4000002500001001", network="cartes_bancaires", country="FR"),
        TestCard("5555552500001001", network="cartes_bancaires", country="FR"),
        TestCard("378282246310005"),
        TestCard("6011111111111117"),
        TestCard("4000002760003184", "required", country="DE"),
        TestCard("4000002500003155", "required", country="FR"),
        TestCard("4000000000003220", "required"),
        TestCard("4000008400001629", "required", decline="generic_decline"),
        TestCard("4000008260003178", "required", decline="insufficient_funds", country="GB"),
        TestCard("4000008400001280", "error"),
        TestCard("4000000000003055", "supported"),
        TestCard("4000000000003097", "error_if_asked"),
        TestCard("4000000000000002", decline="generic_decline"),
        TestCard("4000000000009995", decline="insufficient_funds"),
        TestCard("4000000000009987", decline="lost_card"),
        TestCard("4000000000009979", decline="stolen_card"),
        TestCard("4000000000000069", decline="expired_card"),
        TestCard("4000000000000127", decline="incorrect_cvc"),
        TestCard("4000000000000119", decline="processing_error"),
        TestCard("4000000000000259", dispute="fraudulent"),
        TestCard("4000000000007726", refund="pending"),
        TestCard("4000000000005126", refund="fails_later"),
    )
}

BLOCKABLE = {"amex": "american_express", "discover": "discover_global_network"}
"""Our brand names, where `brands_blocked` has another word."""


def find(number: str) -> TestCard | None:
    """The test card of that number; None for any other, which test mode declines."""
    return TEST_CARDS.get(number)


def brand(number: str) -> str:
    """The brand a number announces by its first digits.

    >>> [brand(n) for n in ("4242424242424242", "2223003122003222", "378282246310005", "36227206271667")]
    ['visa', 'mastercard', 'amex', 'discover']
    """
    if number.startswith("4"):
        return "visa"
    if number[:2] in {"34", "37"}:
        return "amex"
    if "51" <= number[:2] <= "55" or "2221" <= number[:4] <= "2720":
        return "mastercard"
    return "discover"


def passes_luhn(number: str) -> bool:
    """The check digit of ISO/IEC 7812: doubled every second digit from the right, the sum ends in 0.

    >>> passes_luhn("4242424242424242"), passes_luhn("4242424242424241")
    (True, False)
    """
    digits = [int(digit) for digit in reversed(number)]
    doubled = [digit * 2 - 9 if digit > 4 else digit * 2 for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def is_blocked(number: str, blocked: list[str]) -> bool:
    """Whether the page refuses that brand.

    >>> is_blocked("378282246310005", ["american_express"])
    True
    """
    name = brand(number)
    return BLOCKABLE.get(name, name) in blocked


def authentication(card: TestCard, asked: str) -> Authentication:
    """What 3-D Secure does with a card when the page asks `automatic`, `any` or `challenge`.

    >>> authentication(TEST_CARDS["4000000000003055"], "automatic")
    'none'
    >>> authentication(TEST_CARDS["4000000000003055"], "any")
    'challenge'
    """
    if card.three_d_secure in {"required", "error"}:
        return "challenge" if card.three_d_secure == "required" else "error"
    if asked == "automatic":
        return "none"
    when_asked: dict[str, Authentication] = {"supported": "challenge", "error_if_asked": "error"}
    return when_asked.get(card.three_d_secure, "acknowledged")
