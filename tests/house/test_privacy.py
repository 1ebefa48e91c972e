"""Nothing personal can reach a log: messages are fixed words, and what goes with them is on a short list."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.building import ROOT, sources, template

METHODS = ("debug", "info", "warning", "error", "exception", "critical")
KEYS = {"code", "route", "task", "chain", "position", "actor", "fault", "at", "where"}
"""What a log line may carry. Each is a name of ours, a number or a place in the code; think before adding one."""

SPREADS = {"done.model_dump()"}
"""Spread into `extra`: a Round, which holds a count and refusals' codes."""

FACT_NAMES = {"entry.name"}
"""Messages that are no literals: the name of a Fact, which is an enumeration."""

ROUTE_NOT_PATH = "log the route ($context.resourcePath): a path may hold a token or a certificate's number"


def calls(place: str, tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield f"{place}:{node.lineno}", node


def leaks(place: str, tree: ast.Module) -> Iterator[str]:
    """Every print, and every log call that could carry something personal."""
    for where, call in calls(place, tree):
        if isinstance(call.func, ast.Name) and call.func.id == "print":
            yield f"{where} prints: use cvec/journal.py"
        if isinstance(call.func, ast.Attribute) and call.func.attr in METHODS and _is_logger(call.func.value):
            yield from (f"{where} logs {fault}" for fault in _faults(call))


def _is_logger(said: ast.expr) -> bool:
    return "log" in ast.unparse(said).lower()


def _faults(call: ast.Call) -> Iterator[str]:
    message, *rest = call.args
    if not (isinstance(message, ast.Constant) or ast.unparse(message) in FACT_NAMES):
        yield f"{ast.unparse(message)}: the message must be a literal"
    if rest:
        yield "arguments after its message: give them in extra="
    for keyword in call.keywords:
        if keyword.arg != "extra" or not isinstance(keyword.value, ast.Dict):
            yield f"{keyword.arg}: give extra= as a literal dictionary"
        else:
            yield from _extra_faults(keyword.value)


def _extra_faults(extra: ast.Dict) -> Iterator[str]:
    for key, value in zip(extra.keys, extra.values, strict=True):
        if key is None and ast.unparse(value) not in SPREADS:
            yield f"**{ast.unparse(value)}: name each key"
        if key is not None and not (isinstance(key, ast.Constant) and key.value in KEYS):
            yield f"the key {ast.unparse(key)}, which is not in KEYS of tests/house/test_privacy.py"


def parsed(source: Path) -> ast.Module:
    return ast.parse(source.read_text(encoding="utf-8"))


def test_nothing_that_runs_in_aws_prints_or_logs_anything_personal() -> None:
    found = [
        leak
        for source in sources("layers/shared/cvec", "functions")
        for leak in leaks(source.relative_to(ROOT).as_posix(), parsed(source))
    ]
    assert not found, "\n".join(["", *found])


@pytest.mark.parametrize(
    "line",
    [
        "print(person.email)",
        "logger('pay').info(f'paid by {email}')",
        "logger('pay').info('paid by %s', email)",
        "logger('pay').warning('paid', extra={'email': email})",
        "logger('pay').info('paid', extra={**person.model_dump()})",
        "logger('pay').info('paid', extra=about)",
        "app.log.error('failed', exc_info=True)",
    ],
)
def test_a_planted_leak_is_caught(line: str) -> None:
    assert list(leaks("planted.py", ast.parse(line)))


def test_only_the_journal_makes_loggers() -> None:
    makers = {
        source.relative_to(ROOT).as_posix()
        for source in sources("layers/shared/cvec", "functions")
        for node in ast.walk(parsed(source))
        if _modules(node) & {"logging", "aws_lambda_powertools.logging"}
    }
    assert not makers, f"{makers}: ask cvec/journal.py for the logger, whose lines this test can read"


def _modules(node: ast.AST) -> set[str | None]:
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names}
    return {node.module} if isinstance(node, ast.ImportFrom) else set()


def test_the_access_log_of_the_api_holds_no_path_query_or_caller() -> None:
    log_format: str = template().properties("Api")["AccessLogSetting"]["Format"]
    personal = ("$context.path", "requestOverride.path", "identity.", "authorizer.", "queryString", "$input")
    said = [variable for variable in personal if variable in log_format]
    assert not said, f"{said}: {ROUTE_NOT_PATH}"


def test_the_api_does_not_trace_bodies() -> None:
    traced = [one for one in template().properties("Api")["MethodSettings"] if one.get("DataTraceEnabled")]
    assert not traced, "DataTraceEnabled writes whole bodies to the log: turn it off"
