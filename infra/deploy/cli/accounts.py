"""`cvec accounts`: one day's accounts, the card provider's and ours, and where they differ."""

from cvec.ports import Tools
from cvec.usecases.reconcile import account_of_day, repair_day

from infra.deploy.cli.deployments import Asked
from infra.deploy.cli.reports import TO_SEE, WELL, Report


def of_day(asked: Asked, tools: Tools) -> Report:
    """The accounts of a day, after asking the provider again about what differs if that was wished.

    Raises CardProviderUnavailable.
    """
    repair = repair_day(asked.day, tools=tools) if asked.repair else None
    account = account_of_day(asked.day, tools=tools)
    asked_again = {"repair": repair.model_dump(mode="json", include={"looked_at", "stopped_by"})} if repair else {}
    return Report({**asked_again, **account.model_dump(mode="json")}, TO_SEE if account.differences else WELL)
