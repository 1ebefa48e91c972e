"""Step 5: who owes nothing, why, and what proves it."""

from cvec import wiring
from cvec.domain.exemptions import REASONS, ReasonRule
from cvec.web.callers import Caller
from cvec.web.step_app import StepApp

app = StepApp("exempt", tools=wiring.tools)


@app.get("/api/v1/exemption-reasons", who=Caller.ANYONE)
def list_reasons() -> list[ReasonRule]:
    """The reasons for which a student owes nothing, and the proof each needs."""
    return list(REASONS)
