"""Functions as Lambda runs them: several instances side by side, each with its own module, one call at a time each."""

import importlib.util
import itertools
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import LifoQueue
from threading import Lock
from typing import Any

from infra.local.events import Event, LambdaContext
from infra.local.template import Function

EXECUTION_ENV = "AWS_EXECUTION_ENV"

_serial = itertools.count(1)
_importing = Lock()


def load(function: Function) -> Callable[[Event, Any], Any]:
    """The handler of a fresh copy of the function's module, as a cold start makes it.

    Raises FileNotFoundError when the source is not there, and whatever the module itself raises.
    """
    module_name, _, attribute = function.handler.partition(".")
    source = function.folder / f"{module_name}.py"
    if not source.is_file():
        raise FileNotFoundError(f"{function.name} has no {source}")
    unique = f"_{function.name}_{next(_serial)}"
    spec = importlib.util.spec_from_file_location(unique, source)
    if spec is None or spec.loader is None:
        raise ImportError(f"{source} cannot be imported")
    module = importlib.util.module_from_spec(spec)
    with _importing, _execution_env_kept():
        sys.modules[unique] = module  # pydantic and dataclasses look their module up while it loads
        spec.loader.exec_module(module)
    handler: Callable[[Event, Any], Any] = getattr(module, attribute)
    return handler


@contextmanager
def _execution_env_kept() -> Iterator[None]:
    """Undo what Chalice does to the environment each time an app is made: it makes one variable longer and longer."""
    before = os.environ.get(EXECUTION_ENV)
    try:
        yield
    finally:
        os.environ.pop(EXECUTION_ENV, None)
        if before is not None:
            os.environ[EXECUTION_ENV] = before


class Fleet:
    """The warm instances of one function, at most `size` of them; a call waits when all are busy.

    The most recently used instance comes first, as in Lambda: the others are only loaded when calls overlap.
    """

    def __init__(self, function: Function, *, size: int = 4) -> None:
        self.function = function
        self._idle: LifoQueue[Callable[[Event, Any], Any] | None] = LifoQueue()
        for _ in range(size):
            self._idle.put(None)

    def warm_up(self) -> None:
        """Load one instance now, so that a broken import is loud at the start."""
        with self._instance():
            pass

    def call(self, event: Event) -> Any:
        """What the function answers, after both went through JSON as they do in AWS. Raises what it raises."""
        sent = json.loads(json.dumps(event))
        context = LambdaContext(self.function.name, float(self.function.timeout_seconds), self.function.memory_mb)
        with self._instance() as handler:
            return json.loads(json.dumps(handler(sent, context)))

    @contextmanager
    def _instance(self) -> Iterator[Callable[[Event, Any], Any]]:
        found = self._idle.get()
        try:
            found = found or load(self.function)
            yield found
        finally:
            self._idle.put(found)
