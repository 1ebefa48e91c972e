"""No socket is opened here: the law and the gestures need no network."""

from collections.abc import Iterator

import pytest
from pytest_socket import disable_socket, enable_socket


@pytest.fixture(autouse=True)
def _closed_sockets() -> Iterator[None]:
    disable_socket()
    yield
    enable_socket()
