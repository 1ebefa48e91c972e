"""Identifiers in Stripe's shapes: unguessable, and recognisable by their prefix."""

import secrets
import string

ALPHABET = string.ascii_letters + string.digits

KIND_OF_PREFIX = {
    "cs": "checkout.session",
    "pi": "payment_intent",
    "ch": "charge",
    "re": "refund",
    "du": "dispute",
    "evt": "event",
    "txn": "balance_transaction",
    "we": "webhook_endpoint",
}


def new_id(prefix: str, length: int = 24) -> str:
    """A fresh identifier, as in `pi_3RkT…`; `length` counts the random characters.

    >>> new_id("pi")[:3], len(new_id("cs_test", 58))
    ('pi_', 66)
    """
    return f"{prefix}_" + "".join(secrets.choice(ALPHABET) for _ in range(length))


def kind_of(identifier: str) -> str | None:
    """The kind of object an identifier names, or None if it is none of ours.

    >>> kind_of("cs_test_a1"), kind_of("cus_9")
    ('checkout.session', None)
    """
    return KIND_OF_PREFIX.get(identifier.split("_", 1)[0])
