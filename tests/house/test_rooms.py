"""Every line is in the room it belongs to, and the inspection would notice if it were not."""

from pathlib import Path

import pytest

from tests.house.building import ROOT
from tests.house.rooms import LAYER, LONGEST_FILE, trespasses


def test_every_line_is_in_its_room() -> None:
    found = trespasses(ROOT)
    assert not found, "\n".join(["", *found])


@pytest.mark.parametrize(
    ("place", "line", "remedy"),
    [
        ("domain/trespass.py", "from cvec.ports import Tools", "domain may not know cvec.ports.Tools"),
        ("domain/trespass.py", "from cvec import wiring", "domain may not know cvec.wiring"),
        ("domain/trespass.py", "from .errors import Refusal", "write the whole name"),
        ("usecases/trespass.py", "import cvec.adapters.store", "usecases may not know cvec.adapters.store"),
        ("usecases/trespass.py", "def f():\n    import boto3", "boto3 is for adapters wiring"),
        ("usecases/trespass.py", "import secrets", "tools.chance"),
        ("usecases/trespass.py", "from time import sleep", "tools.clock"),
        ("usecases/trespass.py", "from datetime import datetime\nx = datetime.now()", "ask tools.clock.now()"),
        ("usecases/trespass.py", "import datetime\nx = datetime.date.today()", "ask tools.clock.now()"),
        ("web/trespass.py", "from cvec.adapters.store import DynamoStore", "web may not know cvec.adapters"),
        ("web/trespass.py", "from chalice import Blueprint", "goes round StepApp.route"),
        ("web/trespass.py", "import chalice\nx = chalice.Blueprint", "goes round StepApp.route"),
        ("adapters/trespass.py", "import chalice", "chalice is for web functions"),
        ("adapters/trespass.py", "import os\nx = os.environ['STAGE']", "a field of Settings"),
        ("adapters/trespass.py", "from os import getenv", "a field of Settings"),
        ("adapters/trespass.py", "from infra.local import laptop", "adapters may not know infra.local"),
        ("adapters/trespass.py", "from functions.pay import app", "adapters may not know functions.pay"),
        ("domain/utils.py", "", "name it after its one idea"),
        ("domain/trespass.py", "\n" * LONGEST_FILE, "find its second idea"),
    ],
)
def test_a_planted_trespass_is_caught(place: str, line: str, remedy: str, tmp_path: Path) -> None:
    planted = tmp_path / LAYER / place
    planted.parent.mkdir(parents=True)
    planted.write_text(f"{line}\n", encoding="utf-8")
    found = trespasses(tmp_path)
    assert [fault for fault in found if remedy in fault], found


def test_a_second_module_beside_a_door_is_caught(tmp_path: Path) -> None:
    planted = tmp_path / "functions" / "pay" / "prices.py"
    planted.parent.mkdir(parents=True)
    planted.write_text("", encoding="utf-8")
    assert trespasses(tmp_path) == [
        "functions/pay/prices.py: a function's folder holds app.py and nothing importable: move it to the layer"
    ]


def test_what_is_in_its_room_is_no_trespass(tmp_path: Path) -> None:
    allowed = tmp_path / LAYER / "usecases" / "neighbour.py"
    allowed.parent.mkdir(parents=True)
    allowed.write_text("from datetime import timedelta\nfrom cvec.domain import errors\nx = errors.now\n", "utf-8")
    assert trespasses(tmp_path) == []
