"""What `sam build` makes, made for the Python that runs the tests; and a process that has nothing else to import.

built = Artefact.build(folder, ("register", "pay"))
built.answer("register", rest_event("POST", "/api/v1/registration"))
built.run(code, steps=("pay",))        what `code` leaves in `answer`
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from infra.local.moto_cloud import REGION
from infra.local.template import Template

ROOT = Path(__file__).resolve().parents[2]

START = """
import json, sys
given = json.load(sys.stdin)
standard = [*sys.path]
sys.path[:0] = given["mounted"]
{code}
origins = [getattr(module, "__file__", None) for module in list(sys.modules.values())]
strangers = [one for one in origins if one and not one.startswith((*given["mounted"], *standard))]
print("\\n" + json.dumps({{"answer": answer, "strangers": strangers}}))
"""
"""Runs without site-packages: what is mounted and the standard library are all there is."""

ANSWER = """
import types
import app
context = types.SimpleNamespace(**given["context"], get_remaining_time_in_millis=lambda: 20_000)
answer = app.app(given["event"], context)
"""

CONTEXT = {
    "function_name": "cvec-step",
    "function_version": "$LATEST",
    "memory_limit_in_mb": 512,
    "invoked_function_arn": f"arn:aws:lambda:{REGION}:123456789012:function:cvec-step",
    "aws_request_id": "a2b3c4d5",
    "log_stream_name": "artefact",
}


@dataclass(frozen=True)
class Artefact:
    """The folders that Lambda would mount."""

    folder: Path

    @classmethod
    def build(cls, folder: Path, steps: Sequence[str]) -> Self:
        """The layer and these steps, by the Makefile targets that `sam build` calls."""
        for target, place in (("SharedLayer", "layer"), *((f"{step.capitalize()}Function", step) for step in steps)):
            settings = ("BUILD_FOR=host", f"PYTHON={sys.executable}", f"ARTIFACTS_DIR={folder / place}")
            command = ["make", "--silent", f"build-{target}", *settings]
            subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603 -- our own Makefile
        return cls(folder)

    def mounted(self, *steps: str) -> list[str]:
        """What is on the path of these steps, the layer last."""
        return [*(str(self.folder / step) for step in steps), str(self.folder / "layer" / "python")]

    def answer(self, step: str, event: Mapping[str, Any]) -> dict[str, Any]:
        """What the step answers to an event. Fails when anything came from elsewhere."""
        answered: dict[str, Any] = self.run(ANSWER, steps=(step,), event=event, context=CONTEXT)
        return answered

    def run(self, code: str, *, steps: Sequence[str], **given: Any) -> Any:
        """What the code left in `answer`; it finds `given` in a dictionary of that name."""
        environment = {**Template.load(ROOT / "template.yaml").environment(), "AWS_DEFAULT_REGION": REGION}
        command = [sys.executable, "-I", "-S", "-c", START.format(code=code)]
        words = json.dumps({"mounted": self.mounted(*steps), **given})
        done = subprocess.run(  # noqa: S603 -- our own words
            command, input=words, env=environment, capture_output=True, text=True, check=False, cwd=os.sep
        )
        assert done.returncode == 0, done.stderr
        said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        assert said["strangers"] == []
        return said["answer"]
