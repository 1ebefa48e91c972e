"""The words of the command line."""

from argparse import SUPPRESS, ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from datetime import date
from getpass import getuser
from pathlib import Path
from typing import Any

from infra.deploy.cli import accounts, campaigns, dead_letters, institutions, payments, waiting
from infra.local.endpoint import STATE

Act = Callable[..., ArgumentParser]
"""Adds a command under a name, with what carries it out."""


def parser() -> ArgumentParser:
    """The command line; what carries a command out is in `command`."""
    top = ArgumentParser(prog="cvec", description="The administrator's command line.")
    where = top.add_mutually_exclusive_group(required=True)
    where.add_argument("--stack", help="a stack deployed on AWS, by its name")
    where.add_argument("--env", type=Path, help="a file of settings, NAME=value")
    where.add_argument(
        "--laptop", type=Path, nargs="?", const=STATE, help=f"the running laptop, by its state ({STATE})"
    )
    top.add_argument("--json", action="store_true", help="answer in JSON")
    act = _acts(top)
    _campaign(_acts(act("campaign", None, "what a year costs, and when it is paid")))
    _accounts(act("accounts", accounts.of_day, "a day's accounts, the card provider's and ours; exit 1 if they differ"))
    _payment(act("payment", payments.shown, "one payment: here, at the provider, and its file's history"))
    act("overdue", waiting.overdue, "what has waited for too long; exit 1 if anything has")
    act("refunds", waiting.handed_over, "refunds that failed too often, for an agent; exit 1 if there are any")
    letters = _acts(act("dead-letters", None, "what was tried in vain and laid aside"))
    letters("list", dead_letters.listed, "what lies there, by ids; exit 1 if anything does")
    letters("redrive", dead_letters.redriven, "try each again, and remove what succeeded")
    _institutions(_acts(act("institutions", None, "the list that students choose their institution from")))
    return top


def _acts(parent: ArgumentParser) -> Act:
    """How commands are added below another; each takes `--json` as well."""
    below = parent.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: Any, told: str) -> ArgumentParser:
        act = below.add_parser(name, help=told, description=told)
        act.add_argument("--json", action="store_true", default=SUPPRESS, help="answer in JSON")
        if command is not None:
            act.set_defaults(command=command)
        return act

    return add


def _campaign(act: Act) -> None:
    act("list", campaigns.listed, "every campaign in force")
    for name, command, told in (
        ("show", campaigns.shown, "one campaign"),
        ("history", campaigns.history, "what it was, who changed it and why"),
    ):
        act(name, command, told).add_argument("year", help="academic year, as 2026-2027")
    change = act("set", campaigns.changed, "change one, or make a new one; files whose amount is frozen keep theirs")
    change.add_argument("year", help="academic year, as 2026-2027")
    change.add_argument("--amount-cents", type=int, help="what a file costs")
    change.add_argument("--opens", type=date.fromisoformat, help="first day, as 2026-05-01, in Paris")
    change.add_argument("--closes", type=date.fromisoformat, help="last day")
    change.add_argument("--refund-until", type=date.fromisoformat, help="last day to ask for money back")
    change.add_argument("--reason", required=True, type=_said, help="why, for the history")
    change.add_argument("--by", default=getuser(), type=_said, help="who, for the history")


def _accounts(act: ArgumentParser) -> None:
    act.add_argument("day", type=date.fromisoformat, help="day in UTC, as 2026-07-01")
    act.add_argument("--repair", action="store_true", help="first ask the provider again about whatever differs")


def _payment(act: ArgumentParser) -> None:
    act.add_argument("payment", help="its id")
    act.add_argument("--look", action="store_true", help="first act on what the provider says")


def _said(words: str) -> str:
    if not words.strip():
        raise ArgumentTypeError("say something")
    return words.strip()


def _institutions(act: Act) -> None:
    file = act("import", institutions.imported, "replace it by a CSV file, such as the ministry's open-data export")
    file.add_argument("file", type=Path, help="UTF-8, fields apart by ; or ,")
    file.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
    file.add_argument("--skip-bad", action="store_true", help="leave bad rows out; else one of them stops the import")
