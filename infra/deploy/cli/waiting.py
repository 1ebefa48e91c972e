"""`cvec overdue`: what has waited for longer than it may, counted by kind and named by ids."""

from cvec.domain.certificates import Certificate
from cvec.domain.mails import Mail
from cvec.domain.model import Work
from cvec.domain.overdue import waiting_since
from cvec.domain.payments import Payment
from cvec.domain.refunds import Refund
from cvec.ports import Tools
from cvec.usecases import overdue as rounds

from infra.deploy.cli.deployments import Asked
from infra.deploy.cli.reports import TO_SEE, WELL, Report

KINDS: dict[str, type[Work]] = {"certificates": Certificate, "refunds": Refund, "mails": Mail, "payments": Payment}


def overdue(asked: Asked, tools: Tools) -> Report:
    """Settled without a certificate, refunds due, mails waiting, payments open past their page's life."""
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
