"""Introduces the service to the card stand-in: a key to call it with, and the secret that signs its notifications."""

import json
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from infra.local.moto_cloud import MotoCloud

API_KEY = "sk_test_laptop"
NOTIFICATIONS = "/api/v1/card-notifications"


def _ask(method: str, url: str, form: dict[str, str] | None = None) -> Any:
    """One call to the stand-in, as its owner. Raises OSError when it refuses or does not answer."""
    body = urlencode(form).encode("ascii") if form else None
    headers = {"Authorization": f"Bearer {API_KEY}"}
    request = Request(url, data=body, method=method, headers=headers)  # noqa: S310  # http on 127.0.0.1
    with urlopen(request, timeout=10) as answer:  # noqa: S310  # http on 127.0.0.1
        return json.load(answer)


def link(cloud: MotoCloud, secret_id: str, *, card_url: str, site_url: str) -> None:
    """Make the stand-in notify the site, and keep key and signing secret where the functions look for them.

    After a restart at the same address the endpoint and its secret are still good and stay, and with them the
    notifications on their way. Endpoints of former addresses are removed.
    """
    url, secrets = f"{card_url}/v1/webhook_endpoints", cloud.client("secretsmanager")
    known = json.loads(secrets.get_secret_value(SecretId=secret_id)["SecretString"])
    wanted = site_url + NOTIFICATIONS
    kept = [one for one in _ask("GET", url)["data"] if one["url"] == wanted and known["notification_secrets"]]
    for one in _ask("GET", url)["data"]:
        if one not in kept:
            _ask("DELETE", f"{url}/{one['id']}")
    if not kept:
        made = _ask("POST", url, {"url": wanted, "enabled_events[0]": "*"})
        value = {"api_key": API_KEY, "notification_secrets": [made["secret"]]}
        secrets.put_secret_value(SecretId=secret_id, SecretString=json.dumps(value))
