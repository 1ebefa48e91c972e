"""What is logged and counted: facts by their name, refusals by their code; never a body, a token, a name or an INE."""

import traceback
from functools import cache
from typing import TYPE_CHECKING

from cvec.domain.history import Entry

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger, Metrics


@cache
def logger(service: str) -> "Logger":
    """The JSON logger of a function."""
    from aws_lambda_powertools import Logger

    return Logger(service=service, location="%(name)s", use_rfc3339=True)


@cache
def metrics() -> "Metrics":
    """The counters of this process."""
    from aws_lambda_powertools import Metrics

    return Metrics(service="cvec")


def note_fact(entry: Entry) -> None:
    """One INFO line and one count per fact of the history."""
    logger("facts").info(entry.name, extra={"chain": entry.chain, "position": entry.position, "actor": entry.actor})
    count(entry.name)


def report_fault(step: str, fault: Exception, *, at: str) -> None:
    """A fault of ours, for whoever must wake up: where it happened, never what was in somebody's hands."""
    frames = traceback.extract_tb(fault.__traceback__)
    where = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames[-8:]]
    logger(step).error("fault", extra={"fault": type(fault).__name__, "at": at, "where": where})


def count(name: str, number: int = 1) -> None:
    """So many more of something; none is not counted."""
    if not number:
        return
    from aws_lambda_powertools.metrics import MetricUnit

    metrics().add_metric(name=name, unit=MetricUnit.Count, value=number)


def flush() -> None:
    """Write the counts out, at the end of an invocation that counted something."""
    if metrics().metric_set:
        metrics().flush_metrics()
