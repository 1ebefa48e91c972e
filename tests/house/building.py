"""The building under inspection: its sources, its doors and its plan. Every house test reads it from here."""

import ast
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

from cvec.web.operations import Operation
from cvec.web.step_app import StepApp

from infra.deploy.contract import STEPS
from infra.local.template import Template

ROOT = Path(__file__).resolve().parents[2]
LAYER = ROOT / "layers" / "shared" / "cvec"
TEMPLATE = ROOT / "template.yaml"


def sources(*folders: str, root: Path = ROOT) -> Iterator[Path]:
    """Every Python file of these folders of the repository."""
    for folder in folders:
        yield from sorted((root / folder).rglob("*.py"))


@cache
def tree(source: Path) -> ast.Module:
    """The syntax of a file."""
    return ast.parse(source.read_text(encoding="utf-8"), str(source))


@cache
def template() -> Template:
    """The plan, with its parameters at their defaults."""
    return Template.load(TEMPLATE)


def app_of(step: str) -> StepApp:
    """The door of a step."""
    app: StepApp = import_module(f"functions.{step}.app").app
    return app


def step_of(function: str) -> str:
    """The step of a function, by its name in the plan.

    >>> step_of("RegisterFunction")
    'register'
    """
    return function.removesuffix("Function").lower()


def operations() -> list[tuple[str, Operation]]:
    """Every operation with its step."""
    return [(step, operation) for step in STEPS for operation in app_of(step).operations]
