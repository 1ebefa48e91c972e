"""Pages for people: one layout, one stylesheet, nothing that needs a script."""

from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chalice import Response

from cvec.texts import ENGLISH, FRENCH, day_text, moment_text, money_text, text
from cvec.web.headers import page_policy
from cvec.web.step_app import StepApp, language_of

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATES = Path(__file__).parent.parent / "templates" / "pages"


def page(
    name: str,
    *,
    app: StepApp,
    path: str,
    status: HTTPStatus = HTTPStatus.OK,
    form_targets: tuple[str, ...] = (),
    **words: Any,
) -> Response:
    """The page of the current request, in its language, at a path that is the same in the other one."""
    language = language_of(app.current_request)
    html = (
        environment()
        .get_template(f"{name}.html")
        .render(
            language=language,
            other_language=ENGLISH if language == FRENCH else FRENCH,
            service_name=app.tools().house.service_name,
            path=path,
            t=lambda key, **said: text(language, key, **said),
            money=lambda cents: money_text(cents, language),
            day=lambda value: day_text(value, language),
            moment=lambda value: moment_text(value, language),
            **words,
        )
    )
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Language": language,
        "Content-Security-Policy": page_policy(form_targets),
    }
    return Response(body=html, status_code=int(status), headers=headers)


def stylesheet() -> Response:
    """The one stylesheet."""
    headers = {"Content-Type": "text/css; charset=utf-8", "Cache-Control": "public, max-age=3600"}
    return Response(body=(_TEMPLATES / "cvec.css").read_text(encoding="utf-8"), status_code=200, headers=headers)


@cache
def environment() -> "Environment":
    """The page templates; a name they use and were not given is a fault, not a blank."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
