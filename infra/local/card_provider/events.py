"""Events: whatever happens is written once, then queued for every endpoint that asked for it."""

import copy

from infra.local.card_provider.ids import new_id
from infra.local.card_provider.ledger import Ledger
from infra.local.card_provider.parameters import subset
from infra.local.card_provider.refusals import Json


def happened(ledger: Ledger, event_type: str, thing: Json, previous: Json | None = None) -> Json:
    """Record that `event_type` happened to `thing`; `previous` holds the attributes it had before."""
    details: Json = {"object": copy.deepcopy(thing)}
    if previous is not None:
        details["previous_attributes"] = previous
    event = {
        "id": new_id("evt_1"),
        "object": "event",
        "api_version": subset()["version"],
        "created": ledger.clock.now(),
        "data": details,
        "livemode": False,
        "pending_webhooks": 0,
        "request": dict(ledger.request),
        "type": event_type,
    }
    ledger.put(event)
    queue(ledger, event)
    return event


def queue(ledger: Ledger, event: Json) -> None:
    """Order one delivery of the event per endpoint that wants it, faults included."""
    for endpoint in reversed(ledger.all("webhook_endpoint")):
        if wants(endpoint, event["type"]):
            _queue_for(ledger, endpoint, event)
    ledger.news.set()


def wants(endpoint: Json, event_type: str) -> bool:
    """Whether an endpoint subscribed to that type."""
    enabled = endpoint["enabled_events"]
    return endpoint["status"] == "enabled" and ("*" in enabled or event_type in enabled)


def _queue_for(ledger: Ledger, endpoint: Json, event: Json) -> None:
    faults = ledger.faults
    event["pending_webhooks"] += 1
    if faults.take_delivery("drop", event["type"]):
        return
    delay = faults.take_delivery("delay", event["type"])
    copies = 2 if faults.take_delivery("duplicate", event["type"]) else 1
    for _ in range(copies):
        delivery = {
            "id": new_id("dlv"),
            "event": event["id"],
            "endpoint": endpoint["id"],
            "tries": 0,
            "next_at": ledger.clock.seconds() + (delay.seconds if delay else 0.0),
        }
        ledger.state.deliveries.append(delivery)
    ledger.touch()
