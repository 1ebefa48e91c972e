"""The same ports again after a restart, when nobody took them meanwhile."""

import json
import socket
from pathlib import Path

from infra.local.files import replace
from infra.local.server import HOST


def is_free(port: int) -> bool:
    """Tell whether we could listen on a port of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def chosen(wanted: int | None) -> int:
    """The wanted port if it is free; otherwise 0, which lets the system choose."""
    return wanted if wanted and is_free(wanted) else 0


def remembered(path: Path) -> dict[str, int]:
    """Ports of the last run by name; nothing when there was none."""
    if not path.exists():
        return {}
    ports: dict[str, int] = json.loads(path.read_text(encoding="utf-8"))
    return ports


def remember(path: Path, ports: dict[str, int]) -> None:
    """Keep the ports for the next run."""
    replace(path, json.dumps(ports).encode("utf-8"))
