"""What time does to a payment link: reminders 24 and 4 hours before its end, and its end at the 48th hour."""

from cvec.domain.accounts import Person
from cvec.domain.facts import Fact
from cvec.domain.files import File
from cvec.domain.mails import Template
from cvec.domain.model import Row
from cvec.domain.payment_links import UNSAID, PaymentLink
from cvec.ports import Tools
from cvec.usecases.again import again_if_stale
from cvec.usecases.outbox import mail
from cvec.usecases.watch import Round, go_round


@again_if_stale
def tend_link(digest: str, *, tools: Tools) -> None:
    """What the sweep does for a link: remind both sides 24 and 4 hours before its end, and end it at its 48th hour."""
    link = tools.store.find(PaymentLink, digest)
    if link is None or link.look_at is None or link.look_at > tools.clock.now():
        return
    person = tools.store.find(Person, link.person_id)
    if link.expires_at <= tools.clock.now():
        _expire(link, person, tools=tools)
    else:
        reminded = link.next(reminders_sent=link.reminders_sent + 1)
        tools.store.commit(
            reminded.model_copy(update={"look_at": reminded.next_look}), *_reminders(link, person, tools=tools)
        )


def tend_links(*, tools: Tools) -> Round:
    """Remind and end whatever links are due."""
    return go_round([(tend_link, link.key) for link in tools.store.due(PaymentLink, tools.clock.now())], tools=tools)


def mail_to_payer(template: Template, link: PaymentLink, *, tools: Tools) -> Row:
    """A mail to the address the student gave, with the link and what a payer may know."""
    return mail(
        template,
        to=link.payer_email or "",
        tools=tools,
        year=link.year,
        cents=link.amount_cents,
        payment_link=link.id,
        shown_name=link.shown_name,
        phrase=link.phrase or UNSAID,
        until=link.expires_at.isoformat(),
    )


def _reminders(link: PaymentLink, person: Person | None, *, tools: Tools) -> list[Row]:
    told: list[Row] = []
    if person:
        words = {"year": link.year, "until": link.expires_at.isoformat()}
        told.append(mail(Template.LINK_EXPIRING, to=person.email, tools=tools, **words))
    if link.payer_email:
        told.append(mail_to_payer(Template.LINK_EXPIRING_FOR_PAYER, link, tools=tools))
    return told


def _expire(link: PaymentLink, person: Person | None, *, tools: Tools) -> None:
    """The 48th hour. A page opened before it may still finish; late money settles an open file or goes back."""
    rows: list[Row] = [link.after(Fact.LINK_EXPIRED)]
    file = tools.store.find(File, link.person_id, link.year)
    if file:
        about = {"link": link.digest}
        rows += file.noted(Fact.LINK_EXPIRED, at=tools.clock.now(), actor="service", about=about)
    if person:
        rows.append(mail(Template.LINK_EXPIRED, to=person.email, tools=tools, year=link.year))
    tools.store.commit(*rows)
