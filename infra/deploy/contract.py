"""Write openapi.json from the routes of all functions: `python -m infra.deploy.contract`."""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

from cvec.web.openapi import contract

ROOT = Path(__file__).resolve().parents[2]
COMMITTED = ROOT / "layers" / "shared" / "cvec" / "data" / "openapi.json"
STEPS = ("register", "verify", "pay", "exempt", "certify", "notify", "inspect")
API_VERSION = "1.0"


def document() -> dict[str, Any]:
    """The contract as the code has it now."""
    apps = (import_module(f"functions.{step}.app").app for step in STEPS)
    return contract([one for app in apps for one in app.operations], version=API_VERSION)


def text() -> str:
    """The contract as it is committed."""
    return json.dumps(document(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    COMMITTED.write_text(text(), encoding="utf-8")
