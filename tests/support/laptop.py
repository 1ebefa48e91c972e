"""The whole service on 127.0.0.1 for journeys: `pytest_plugins = ["tests.support.laptop"]`.

One laptop for the session, in memory. Each test that asks for it has the process's settings for itself; the pump is
still, so a test says `laptop.pump.drain()` when the background should work. Do not mix with `mock_aws` in one process:
it empties moto when it starts.

PYTEST_DONT_REWRITE: also imported by name, so pytest may meet it before it is asked for as a plugin.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local.laptop import Laptop

TEMPLATE = Path(__file__).resolve().parents[2] / "template.yaml"


@pytest.fixture(scope="session")
def running_laptop() -> Iterator[Laptop]:
    """The laptop itself, out of the way between tests."""
    with Laptop(TEMPLATE) as laptop:
        laptop.park()
        yield laptop


@pytest.fixture
def laptop(running_laptop: Laptop) -> Iterator[Laptop]:
    """The laptop, with its settings in the environment for the length of a test."""
    running_laptop.lay()
    yield running_laptop
    running_laptop.park()
