"""`cvec overdue` and `cvec refunds`: what waits for longer than it may, and what only an agent can finish."""

from cvec.domain.overdue import PATIENCE, waiting_since
from cvec.domain.refunds import Refund, RefundState
from cvec.ports import Tools
from cvec.usecases import overdue as rounds

from infra.deploy.cli.deployments import Asked
from infra.deploy.cli.reports import TO_SEE, WELL, Report

KINDS = {f"{kind.kind}s": kind for kind in PATIENCE}


def overdue(asked: Asked, tools: Tools) -> Report:
    """Settled without a certificate, refunds due, mails waiting, payments open past their page's life, and the like."""
    del asked
    found = {name: rounds.overdue(kind, tools=tools) for name, kind in KINDS.items()}
    late = [
        {"kind": work.kind, "id": " ".join(work.key), "since": waiting_since(work).isoformat()}
        for works in found.values()
        for work in works
    ]
    return Report(
        {"overdue": {name: len(works) for name, works in found.items()}, "late": late}, TO_SEE if late else WELL
    )


def handed_over(asked: Asked, tools: Tools) -> Report:
    """The refunds that failed too often and that an agent must carry out by transfer."""
    del asked
    refunds = [one for one in tools.store.due(Refund, tools.clock.now()) if one.state is RefundState.MANUAL]
    listed = [
        {"payment": one.payment_id, "reason": one.reason.value, "cents": one.amount_cents, "tries": one.tries}
        for one in refunds
    ]
    return Report({"refunds": listed}, TO_SEE if listed else WELL)
