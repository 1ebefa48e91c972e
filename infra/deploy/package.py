"""What goes to Lambda: the layer every function shares, and each function with the packages that only it needs.

    python -m infra.deploy.package layer FOLDER        called by the Makefile targets that `sam build` calls
    python -m infra.deploy.package pay FOLDER
    python -m infra.deploy.package sizes .aws-sam/build

BUILD_FOR=host builds for the Python that runs this, so that a test can answer an event from what was built.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from uv import find_uv_bin

from infra.deploy import bytecode, pruning

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT / "layers" / "shared" / "cvec"
LOCKS = ROOT / "requirements"
LAYER = "layer"
LAYER_LOCKS = ("layer.txt", "chalice.txt")
OWN_LOCKS = {"pay": "pay.txt", "certify": "certify.txt", "inspect": "inspect.txt"}
"""Functions that need packages of their own."""

BOTO = ("boto3", "botocore", "s3transfer")

AWS = ("--python-version", bytecode.TARGET_VERSION, "--python-platform", "x86_64-manylinux_2_28")
"""What Lambda's python3.13 on x86_64 can load: Amazon Linux 2023 has glibc 2.34."""

_STANZA = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==.*\n(?:[ \t]+.*\n)*", re.MULTILINE)


def stanzas(lock: Path) -> dict[str, str]:
    """Package to its lines in a lock: version, marker and hashes."""
    return {one["name"]: one[0] for one in _STANZA.finditer(lock.read_text(encoding="utf-8"))}


def layer_stanzas() -> dict[str, str]:
    """What the layer holds."""
    return {name: lines for lock in LAYER_LOCKS for name, lines in stanzas(LOCKS / lock).items()}


def own_stanzas(step: str) -> dict[str, str]:
    """What a function holds beyond the layer."""
    own = stanzas(LOCKS / OWN_LOCKS[step]) if step in OWN_LOCKS else {}
    return {name: lines for name, lines in own.items() if name not in layer_stanzas()}


def install(wanted: dict[str, str], folder: Path, *, is_for_host: bool) -> None:
    """Put wheels into a folder, each checked against its hash; nothing is built from source or comes along."""
    target = ("--python", sys.executable) if is_for_host else AWS
    options = ("--no-deps", "--require-hashes", "--only-binary", ":all:", "--link-mode", "copy", *target)
    command = [find_uv_bin(), "pip", "install", "--quiet", *options, "--target", str(folder), "--requirements", "-"]
    subprocess.run(command, input="".join(wanted.values()), text=True, check=True)  # noqa: S603 -- our own words only


def packages(wanted: dict[str, str], folder: Path, *, mounted: str, is_for_host: bool) -> None:
    """Other people's packages as they travel: pruned and compiled."""
    if wanted:
        install(wanted, folder, is_for_host=is_for_host)
        pruning.prune(folder)
        bytecode.replace_sources(folder, mounted=mounted, is_for_host=is_for_host)


def build_layer(folder: Path, *, is_for_host: bool) -> Path:
    """The layer: its packages, and ours. Returns what Lambda mounts as /opt/python."""
    python = folder / "python"
    packages(layer_stanzas(), python, mounted="/opt/python", is_for_host=is_for_host)
    ours = shutil.copytree(SHARED, python / SHARED.name, ignore=shutil.ignore_patterns("__pycache__"))
    bytecode.add(ours, mounted="/opt/python/cvec", is_for_host=is_for_host)
    return python


def build_function(step: str, folder: Path, *, is_for_host: bool) -> Path:
    """One function: its door, and the packages of its own. Returns what Lambda mounts as /var/task."""
    folder.mkdir(parents=True, exist_ok=True)
    packages(own_stanzas(step), folder, mounted="/var/task", is_for_host=is_for_host)
    shutil.copy(ROOT / "functions" / step / "app.py", folder)
    bytecode.add(folder, mounted="/var/task", is_for_host=is_for_host)
    return folder


def megabytes(folder: Path) -> float:
    """What Lambda counts against its limit of 250 MB: the files' own sizes."""
    return sum(one.stat().st_size for one in folder.rglob("*") if one.is_file()) / 1e6


def build(what: str, folder: Path, *, is_for_host: bool) -> None:
    """Build the layer, or a step's function."""
    if what == LAYER:
        build_layer(folder, is_for_host=is_for_host)
    else:
        build_function(what, folder, is_for_host=is_for_host)


def say_sizes(folder: Path) -> None:
    """How large each artefact of a build is, unzipped."""
    for artefact in sorted(one for one in folder.iterdir() if one.is_dir()):
        boto = sum(megabytes(artefact / "python" / name) for name in BOTO)
        print(f"{artefact.name:18}{megabytes(artefact):6.1f} MB" + (f", {boto:.1f} of them boto3" if boto else ""))


if __name__ == "__main__":
    asked, place = sys.argv[1].lower(), Path(sys.argv[2])
    if asked == "sizes":
        say_sizes(place)
    else:
        build(asked, place, is_for_host=os.environ.get("BUILD_FOR") == "host")
