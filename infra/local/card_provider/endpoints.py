"""Webhook endpoints: who is told what; only this machine, for the stand-in talks to nobody else."""

import ipaddress
from urllib.parse import urlsplit

from infra.local.card_provider.ids import new_id
from infra.local.card_provider.ledger import Ledger
from infra.local.card_provider.parameters import subset
from infra.local.card_provider.refusals import Json, invalid


def create(ledger: Ledger, params: Json, _id: str = "") -> Json:
    """`POST /v1/webhook_endpoints`: the only answer that shows the signing secret."""
    if not is_loopback(params["url"]):
        raise invalid("Invalid URL: the stand-in only notifies this machine.", param="url", code="url_invalid")
    secret = new_id("whsec", 32)
    return enroll(ledger, params, secret) | {"secret": secret}


def enroll(ledger: Ledger, params: Json, secret: str) -> Json:
    """Keep an endpoint whose notifications are signed with that secret."""
    endpoint = ledger.put(
        {
            "id": new_id("we_1"),
            "object": "webhook_endpoint",
            "api_version": params.get("api_version", subset()["version"]),
            "application": None,
            "created": ledger.clock.now(),
            "description": params.get("description"),
            "enabled_events": params["enabled_events"],
            "livemode": False,
            "metadata": params.get("metadata", {}),
            "status": "enabled",
            "url": params["url"],
        }
    )
    ledger.note(endpoint["id"])["secret"] = secret
    return endpoint


def delete(ledger: Ledger, _params: Json, identifier: str) -> Json:
    """`DELETE /v1/webhook_endpoints/{webhook_endpoint}`: nothing more is sent there."""
    ledger.get("webhook_endpoint", identifier)
    ledger.remove("webhook_endpoint", identifier)
    return {"id": identifier, "object": "webhook_endpoint", "deleted": True}


def of_secret(ledger: Ledger, secret: str) -> Json | None:
    """The endpoint whose notifications are signed with that secret, if there is one."""
    known = (one for one in ledger.all("webhook_endpoint") if ledger.note(one["id"])["secret"] == secret)
    return next(known, None)


def is_loopback(url: str) -> bool:
    """Whether a URL names this machine.

    >>> [is_loopback(u) for u in ("http://127.0.0.1:8000/x", "http://localhost/x", "https://example.org/x", "ftp://::1")]
    [True, True, False, False]
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return False
    if parts.hostname == "localhost":
        return True
    try:
        return ipaddress.ip_address(parts.hostname).is_loopback
    except ValueError:  # a name, and not ours
        return False
