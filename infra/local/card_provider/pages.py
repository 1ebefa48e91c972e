"""The hosted pages: the card form and the bank's 3-D Secure page, plain HTML that works without JavaScript."""

from http import HTTPStatus
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from infra.local.card_provider import card_form, due, payments, sessions, texts
from infra.local.card_provider.card_form import CardForm
from infra.local.card_provider.ledger import Ledger
from infra.local.card_provider.payments import Outcome
from infra.local.card_provider.refusals import Json
from infra.local.card_provider.texts import Language

FOLDER = Path(__file__).with_name("templates")
TEMPLATES = Environment(
    loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
EXAMPLES = {
    "4242 4242 4242 4242": "ok",
    "4000 0025 0000 1001": "cb",
    "4000 0027 6000 3184": "challenge",
    "4000 0084 0000 1629": "challenge_declined",
    "4000 0000 0000 9995": "funds",
    "4000 0000 0000 0002": "declined",
    "4000 0000 0000 0259": "dispute",
    "4000 0000 0000 7726": "refund_slow",
    "4000 0000 0000 5126": "refund_fails",
}
BLANK = CardForm(email="", name="", number="", expiry="", cvc="")


def card_page(ledger: Ledger, request: Request, identifier: str) -> Response:
    """`/c/pay/{session}`: show the form, or try the card it brings."""
    with ledger.transaction():
        due.settle(ledger)
        session = ledger.find("checkout.session", identifier)
        if session is None or session["status"] != "open":
            return _closed(session, request)
        return _try_card(ledger, session, request) if request.method == "POST" else _form(ledger, session, request)


def bank_page(ledger: Ledger, request: Request, identifier: str, challenge: str) -> Response:
    """`/c/authenticate/{session}/{challenge}`: show the bank's question, or take the payer's answer."""
    with ledger.transaction():
        due.settle(ledger)
        session = ledger.find("checkout.session", identifier)
        if session and request.method == "POST":
            is_approved = request.form.get("answer") == "approve"
            outcome = payments.authenticate(ledger, session, challenge, is_approved=is_approved)
            return _after_bank(session, outcome)
        if session is None or session["status"] != "open":
            return _closed(session, request)
        return _question(ledger, session, challenge, request)


def stylesheet() -> Response:
    """`/assets/card.css`: the one stylesheet of the pages."""
    return Response((FOLDER / "card.css").read_text("utf-8"), mimetype="text/css")


def _try_card(ledger: Ledger, session: Json, request: Request) -> Response:
    form = card_form.read(request.form, session["customer_email"])
    blocked = session["payment_method_options"]["card"].get("restrictions", {}).get("brands_blocked", [])
    moment = ledger.clock.moment()
    faults = card_form.faults(form, blocked=blocked, today=(moment.year, moment.month))
    if faults:
        return _show_form(ledger, session, request, form, faults=faults, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    outcome = payments.pay(ledger, session, form.number, form.payer)
    if outcome.status == "declined":
        return _show_form(ledger, session, request, form, decline=outcome.code, status=HTTPStatus.PAYMENT_REQUIRED)
    if outcome.challenge:
        return redirect(f"/c/authenticate/{session['id']}/{outcome.challenge}", HTTPStatus.SEE_OTHER)
    return redirect(sessions.success_url(session), HTTPStatus.SEE_OTHER)


def _after_bank(session: Json, outcome: Outcome) -> Response:
    if outcome.status == "paid":
        return redirect(sessions.success_url(session), HTTPStatus.SEE_OTHER)
    # Declined, too late, or replaced by a try in another tab: the card page says what there is to say.
    return redirect(f"/c/pay/{session['id']}", HTTPStatus.SEE_OTHER)


def _form(ledger: Ledger, session: Json, request: Request) -> Response:
    decline = None
    if session["payment_intent"]:
        error = ledger.get("payment_intent", session["payment_intent"])["last_payment_error"] or {}
        decline = error.get("decline_code") or error.get("code")
    return _show_form(ledger, session, request, BLANK, decline=decline)


def _show_form(
    ledger: Ledger,
    session: Json,
    request: Request,
    form: CardForm,
    *,
    faults: dict[str, str] | None = None,
    decline: str | None = None,
    status: int = HTTPStatus.OK,
) -> Response:
    spoken = _language(session, request)
    said = {field: texts.fault(code, spoken) for field, code in (faults or {}).items()}
    refusal = texts.fault(decline, spoken) if decline else None
    shown = {"form": form, "faults": said, "decline": refusal, "examples": EXAMPLES}
    return _page("card.html", spoken, session, status, label=_label(ledger, session), **shown)


def _question(ledger: Ledger, session: Json, challenge: str, request: Request) -> Response:
    waiting = payments.waiting_challenge(ledger, session)
    if waiting is None or waiting["id"] != challenge:
        return redirect(f"/c/pay/{session['id']}", HTTPStatus.SEE_OTHER)
    spoken = _language(session, request)
    shown = {"last4": waiting["number"][-4:], "label": _label(ledger, session)}
    return _page("bank.html", spoken, session, HTTPStatus.OK, **shown)


def _label(ledger: Ledger, session: Json) -> str:
    return ", ".join(item["description"] for item in ledger.note(session["id"])["line_items"])


def _closed(session: Json | None, request: Request) -> Response:
    if session is None:
        spoken = texts.language(None, request.accept_languages.best)
        return _page("closed.html", spoken, None, HTTPStatus.NOT_FOUND, state="unknown", onward=None)
    spoken = _language(session, request)
    if session["status"] == "complete":
        onward = sessions.success_url(session)
        return _page("closed.html", spoken, session, HTTPStatus.OK, state="paid", onward=onward)
    onward = session["cancel_url"]
    return _page("closed.html", spoken, session, HTTPStatus.GONE, state="expired", onward=onward)


def _language(session: Json, request: Request) -> Language:
    return texts.language(session["locale"], request.accept_languages.best)


def _page(template: str, spoken: Language, session: Json | None, status: int, **shown: Any) -> Response:
    amount = texts.money(session["amount_total"], spoken) if session else None
    words = texts.WORDS[spoken]
    shown |= {"lang": spoken, "t": words, "session": session, "amount": amount}
    html = TEMPLATES.get_template(template).render(shown)
    response = Response(html, status, mimetype="text/html")
    response.headers["Content-Security-Policy"] = _policy(session)
    response.headers["Cache-Control"] = "no-store"
    return response


def _policy(session: Json | None) -> str:
    # Browsers hold form-action against the redirect that follows a POST too: the way home must be named.
    home = f" {sessions.return_origin(session)}" if session else ""
    rules = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"
    return f"{rules}; form-action 'self'{home}"
