"""Where a running laptop answers, and with which settings: kept beside its state for the command line `cvec`."""

import json
from collections.abc import Mapping
from pathlib import Path

from infra.local.files import replace

STATE = Path(".local/state")
ENDPOINT = "endpoint.json"


def remember(state: Path, settings: Mapping[str, str]) -> None:
    """Write what another process needs in its environment to speak to this laptop's cloud."""
    replace(state / ENDPOINT, json.dumps(settings, indent=1).encode("utf-8"))


def forget(state: Path) -> None:
    """Take it away: nobody answers any more."""
    (state / ENDPOINT).unlink(missing_ok=True)
