"""Compiled modules travel with the sources: on Lambda nothing can be written, so without them each cold start compiles.

They are marked unchecked-hash, so that no start asks the file system whether a source changed.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

TARGET_VERSION = "3.13"
"""The Python of `Runtime` in template.yaml; bytecode is only good for one version."""

LOST = f"""\
warning: no python{TARGET_VERSION} here, so modules travel without bytecode: every cold start compiles them, about three
         times slower. Install Python {TARGET_VERSION}, or name one:
         make build TARGET_PYTHON=/path/to/python{TARGET_VERSION}"""


def is_target(python: str) -> bool:
    """Whether this interpreter runs here and has the target's version."""
    question = "import sys; print('%d.%d' % sys.version_info[:2])"
    command = [python, "-c", question]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 -- chosen by who builds
    return answer.stdout.strip() == TARGET_VERSION


def compiler(*, is_for_host: bool) -> str | None:
    """An interpreter that writes bytecode the target reads; None if there is none. A named one must fit: SystemExit."""
    if is_for_host:
        return sys.executable
    if named := os.environ.get("TARGET_PYTHON"):
        return named if is_target(named) else sys.exit(f"TARGET_PYTHON={named} is not Python {TARGET_VERSION}")
    found = shutil.which(f"python{TARGET_VERSION}")
    return found if found and is_target(found) else None


def replace_sources(folder: Path, *, mounted: str, is_for_host: bool) -> None:
    """Compile other people's modules and leave their sources out: half the size; tracebacks keep the line numbers.

    Where nothing here can compile for the target, sources stay; `python -m infra.deploy.bytecode` says so beforehand.
    """
    if python := compiler(is_for_host=is_for_host):
        _compile(python, "-b", folder, mounted=mounted)
        for source in list(folder.rglob("*.py")):
            source.unlink()


def add(folder: Path, *, mounted: str, is_for_host: bool) -> None:
    """Compile the sources that are there, which stay: tracebacks show their lines."""
    if python := compiler(is_for_host=is_for_host):
        _compile(python, "-f", folder, mounted=mounted)


def _compile(python: str, how: str, folder: Path, *, mounted: str) -> None:
    """Tracebacks will name a module where Lambda mounts the folder."""
    options = ["-q", "--invalidation-mode", "unchecked-hash", "-s", str(folder), "-p", mounted, how]
    subprocess.run([python, "-I", "-m", "compileall", *options, str(folder)], check=True)  # noqa: S603 -- our own words


if __name__ == "__main__" and compiler(is_for_host=False) is None:
    print(LOST, file=sys.stderr)
