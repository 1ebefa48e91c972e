import os
import socket
import threading
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from infra.local.laptop import Laptop
from infra.local.template import UnevenEnvironmentError
from tests.contracts.local_cloud.conftest import TEMPLATE


def accepts(url: str) -> bool:
    address = urlsplit(url)
    with socket.socket() as probe:
        return probe.connect_ex((str(address.hostname), address.port or 0)) == 0


def test_stopping_leaves_no_thread_no_port_and_no_setting() -> None:
    settings, threads = dict(os.environ), set(threading.enumerate())
    with Laptop(TEMPLATE) as laptop:
        laptop.pump.start()
        urls = [laptop.site_url, laptop.mailbox.url, laptop.cards.url, laptop.cloud.url]
        assert all(accepts(url) for url in urls)
        assert os.environ["SITE_URL"] == laptop.site_url
    assert dict(os.environ) == settings
    assert [thread for thread in set(threading.enumerate()) - threads if not thread.name.startswith("Thread-")] == []
    assert not any(accepts(url) for url in urls)


def test_a_parked_laptop_leaves_the_process_its_own_settings(laptop: Laptop) -> None:
    assert os.environ["AWS_ENDPOINT_URL"] == laptop.cloud.url
    laptop.park()
    assert os.environ.get("AWS_ENDPOINT_URL") != laptop.cloud.url
    laptop.lay()
    assert os.environ["AWS_ENDPOINT_URL"] == laptop.cloud.url


def test_functions_with_different_settings_cannot_share_a_laptop(tmp_path: Path) -> None:
    text = TEMPLATE.read_text(encoding="utf-8")
    uneven = text.replace("      Timeout: 25\n", "      Environment: { Variables: { ONLY_HERE: 1 } }\n")
    assert uneven != text
    (tmp_path / "template.yaml").write_text(uneven, encoding="utf-8")
    with pytest.raises(UnevenEnvironmentError, match="EchoFunction and WorkFunction differ in ONLY_HERE"):
        Laptop(tmp_path / "template.yaml")


def test_a_function_without_source_is_loud_and_leaves_nothing_running(tmp_path: Path) -> None:
    settings, threads = dict(os.environ), threading.active_count()
    (tmp_path / "template.yaml").write_text(TEMPLATE.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(FileNotFoundError, match=r"EchoFunction has no .*app\.py"):
        Laptop(tmp_path / "template.yaml").start()
    assert (dict(os.environ), threading.active_count()) == (settings, threads)
