"""Where documents are taken apart: a process of its own, without credentials, bounded in memory, time and files.

A document that breaks its inspector breaks only this, and is refused as unreadable.
"""

import resource
import subprocess
import sys
from datetime import date

from cvec.adapters.inspection import clean_copy
from cvec.domain.documents import DocumentType, Fault, Unfit

MOST_MEMORY = 800 * 1024 * 1024
"""Bytes of address space: a 40-megapixel PNG is 160 MB when decoded, and Python with its libraries 100."""
MOST_SECONDS = 15
"""Of the processor, and, a little more generously, of the clock."""
_REFUSED = 3
"""The exit status of an inspection that found a fault; its name is what was said."""


class CellInspector:
    """The `Inspector` port."""

    def clean(self, content: bytes, kind: DocumentType, on: date) -> bytes:
        """The copy, made elsewhere. Raises Unfit."""
        command = (sys.executable, "-I", "-c", _ENTRY, *sys.path)
        try:
            done = subprocess.run(  # noqa: S603 -- our own words; the document is on its standard input
                command,
                input=f"{kind} {on.isoformat()}\n".encode() + content,
                capture_output=True,
                check=False,
                env={},
                timeout=MOST_SECONDS + 5,
            )
        except subprocess.TimeoutExpired:
            raise Unfit(Fault.UNREADABLE) from None
        if done.returncode == 0:
            return done.stdout
        raise Unfit(_fault(done))


_ENTRY = "import sys; sys.path[:] = sys.argv[1:]; from cvec.adapters.cell import inspect; inspect()"


def _fault(done: "subprocess.CompletedProcess[bytes]") -> Fault:
    """The fault it named, or what a broken inspection amounts to."""
    return Fault(done.stdout.decode("ascii")) if done.returncode == _REFUSED else Fault.UNREADABLE


def inspect() -> None:
    """What runs in the cell: one document in, its copy or its fault out."""
    _shut_in()
    kind, _, day = sys.stdin.buffer.readline().decode("ascii").strip().partition(" ")
    try:
        copy = clean_copy(sys.stdin.buffer.read(), DocumentType(kind), date.fromisoformat(day))
    except Unfit as unfit:
        sys.stdout.buffer.write(unfit.fault.encode("ascii"))
        sys.exit(_REFUSED)
    sys.stdout.buffer.write(copy)


def _shut_in() -> None:
    """Give up memory, time, written files and dumps beyond what an inspection needs."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
