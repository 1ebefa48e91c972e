"""In the background: documents that people sent are checked before anybody reads them, and erased on their day."""

from collections.abc import Mapping
from typing import Any

from cvec import wiring
from cvec.usecases import documents, uploads
from cvec.usecases.watch import Round
from cvec.web.arrivals import arrivals
from cvec.web.step_app import StepApp

app = StepApp("inspect", tools=wiring.tools)


@app.background.message
def take(message: Mapping[str, Any]) -> None:
    """A document came, or was scanned."""
    for owner, document in arrivals(message):
        uploads.take_upload(owner, document, tools=wiring.tools())


@app.background.task("sweep")
def sweep() -> Round:
    """Every few minutes: what storage did not tell of, what is not finished, and what is to be erased."""
    return documents.tend_documents(tools=wiring.tools())
