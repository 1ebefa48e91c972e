"""Every door is called with fakes behind it; nothing may reach a network."""

from collections.abc import Iterator

import pytest
from cvec import journal, wiring

from tests.support.calling import Browser
from tests.support.fakes import World, new_world


@pytest.fixture(autouse=True, scope="session")
def _counted() -> Iterator[None]:
    """Counters need a namespace, which `template.yaml` gives in a deployment."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POWERTOOLS_METRICS_NAMESPACE", "cvec-tests")
        journal.metrics.cache_clear()
        yield
    journal.metrics.cache_clear()


@pytest.fixture(autouse=True)
def _own_tools() -> Iterator[None]:
    """No test leaves its world to the next."""
    yield
    wiring.forget()


@pytest.fixture
def world() -> World:
    return new_world()


@pytest.fixture
def browser(world: World) -> Browser:
    return Browser(world)
