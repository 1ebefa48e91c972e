"""Step 3, somebody else pays: the student offers a link, the payer accepts or refuses it within 48 hours."""

from cvec.domain.academic_year import AcademicYear
from cvec.domain.accounts import Person
from cvec.domain.campaigns import Campaign
from cvec.domain.errors import AccountBlocked, CampaignNotOpen, PaymentLinkOver, Stale, TooManyLinks
from cvec.domain.facts import Fact
from cvec.domain.files import File
from cvec.domain.limits import LINKS_MAILED
from cvec.domain.mails import Template
from cvec.domain.model import Row
from cvec.domain.payment_links import DERIVED_AS, UNSAID, LinkState, PaymentLink, ShownName, shown_name
from cvec.domain.payments import Payer
from cvec.domain.sessions import token_digest, token_text
from cvec.ports import Tools
from cvec.usecases.again import again_if_stale
from cvec.usecases.answers import LinkForPayer, LinkView, PageOffered
from cvec.usecases.attempts import cleared_file, offered_page, payable_file, revoked_link, started_payment
from cvec.usecases.campaigns import open_campaign_today
from cvec.usecases.files import check_not_blocked, known_person
from cvec.usecases.link_time import mail_to_payer
from cvec.usecases.outbox import mail
from cvec.usecases.quotas import spend


@again_if_stale
def ask_third_party(
    person_id: str,
    year: AcademicYear,
    *,
    name: ShownName,
    language: str,
    phrase: str | None = None,
    payer_email: str | None = None,
    tools: Tools,
) -> LinkView:
    """The student asks someone else to pay; the link lives 48 hours, and replaces the one before.

    A page that the earlier payer has open is closed first; if it was paid already, the file is in order.
    Raises CampaignNotOpen, AccountBlocked, FileNotReady, AlreadyInOrder, TooManyLinks, CardProviderUnavailable.
    """
    campaign = open_campaign_today(year, tools=tools)
    check_not_blocked(person_id, tools=tools)
    person = known_person(person_id, tools=tools)
    file = cleared_file(payable_file(person_id, year, tools=tools), tools=tools)
    link = _new_link(person, file, file.amount_cents or campaign.amount_cents, tools=tools).model_copy(
        update={
            "shown_name": shown_name(person.identity.first_name, person.identity.birth_name, name),
            "language": language,
            "phrase": phrase,
            "payer_email": payer_email,
        }
    )
    offered, entry = file.noted(
        Fact.LINK_OFFERED,
        at=tools.clock.now(),
        actor="student",
        about={"link": link.digest},
        current_link=link.digest,
        amount_cents=link.amount_cents,
    )
    tools.store.commit(
        link, offered, entry, *revoked_link(file, tools=tools), *_mailed_to_payer(link, person, tools=tools)
    )
    return _view(link, tools=tools)


def my_link(person_id: str, year: AcademicYear, *, tools: Tools) -> LinkView:
    """The link as its student sees it: where it stands, and why it ended.

    Raises PaymentLinkOver where there is none.
    """
    file = tools.store.find(File, person_id, year)
    link = tools.store.find(PaymentLink, file.current_link) if file and file.current_link else None
    if link is None:
        raise PaymentLinkOver
    return _view(link, tools=tools)


@again_if_stale
def revoke_link(person_id: str, year: AcademicYear, *, tools: Tools) -> LinkView:
    """The student takes the link back. Doing it twice is the same. Raises PaymentLinkOver where there is none."""
    view = my_link(person_id, year, tools=tools)
    file = tools.store.find(File, person_id, year)
    if file is None or not _is_alive(file, tools=tools):
        return view
    file = cleared_file(file, tools=tools)
    revoked = revoked_link(file, tools=tools)
    if revoked:
        about = {"link": file.current_link or ""}
        tools.store.commit(*file.noted(Fact.LINK_REVOKED, at=tools.clock.now(), actor="student", about=about), *revoked)
    return my_link(person_id, year, tools=tools)


def open_link(token: str, *, tools: Tools) -> LinkForPayer:
    """What the payer sees. Mail scanners open links too, so nothing depends on it; the student is told it was opened.

    Raises PaymentLinkOver.
    """
    link = _living_link(token, tools=tools)
    if link.state is LinkState.ACTIVE:
        try:
            tools.store.commit(link.after(Fact.LINK_OPENED))
        except Stale:
            return open_link(token, tools=tools)
    return LinkForPayer.of(link)


@again_if_stale
def accept_link(token: str, language: str, *, tools: Tools) -> PageOffered:
    """The payer accepts: the provider's page, the one already open for this link or a new one.

    Raises PaymentLinkOver (at the 48th hour too), AlreadyInOrder, PageOpening, CardProviderUnavailable.
    """
    link = _living_link(token, tools=tools)
    campaign = _campaign_for_payer(link, tools=tools)
    file = payable_file(link.person_id, link.year, tools=tools)
    if file.current_link != link.digest:
        raise PaymentLinkOver
    payment = offered_page(file, Payer.THIRD_PARTY, tools=tools)
    if payment is None:
        file = cleared_file(file, tools=tools)
        accepted = _living_link(token, tools=tools)
        payment = started_payment(file, campaign, language, payer=Payer.THIRD_PARTY, link=accepted, tools=tools)
    return PageOffered.of(payment)


@again_if_stale
def refuse_link(token: str, reason: str | None, *, tools: Tools) -> None:
    """The payer refuses, which is final; a page they had open is closed first. The student is told, with the reason.

    Raises PaymentLinkOver; AlreadyInOrder when the page had just been paid.
    """
    link = _living_link(token, tools=tools)
    file = cleared_file(payable_file(link.person_id, link.year, tools=tools), tools=tools)
    link = _living_link(token, tools=tools)
    person = known_person(link.person_id, tools=tools)
    declined = link.after(Fact.LINK_DECLINED, refusal=reason)
    noted, entry = file.noted(Fact.LINK_DECLINED, at=tools.clock.now(), actor="payer", about={"link": link.digest})
    told = mail(Template.THIRD_PARTY_REFUSED, to=person.email, tools=tools, year=link.year, phrase=reason or UNSAID)
    tools.store.commit(declined, noted, entry, told)


def link_token(link: PaymentLink, *, tools: Tools) -> str:
    """The token of a link: derived, never stored."""
    return token_text(tools.secrets.derive(DERIVED_AS, link.id))


def _new_link(person: Person, file: File, amount_cents: int, *, tools: Tools) -> PaymentLink:
    link_id, now = tools.chance.new_id(), tools.clock.now()
    link = PaymentLink(
        digest=token_digest(token_text(tools.secrets.derive(DERIVED_AS, link_id))),
        id=link_id,
        person_id=person.id,
        year=file.year,
        offered_at=now,
        amount_cents=amount_cents,
        shown_name="",
        language="",
    )
    return link.model_copy(update={"look_at": link.next_look})


def _living_link(token: str, *, tools: Tools) -> PaymentLink:
    """The link of a token, compared with the clock at every read. Every end is one answer to a stranger."""
    link = tools.store.find(PaymentLink, token_digest(token))
    if link is None or not link.is_alive(tools.clock.now()):
        raise PaymentLinkOver
    return link


def _campaign_for_payer(link: PaymentLink, *, tools: Tools) -> Campaign:
    """The campaign, if it may be paid. That the student is blocked, or late, is none of the payer's business."""
    try:
        check_not_blocked(link.person_id, tools=tools)
        return open_campaign_today(link.year, tools=tools)
    except (AccountBlocked, CampaignNotOpen):
        raise PaymentLinkOver from None


def _is_alive(file: File, *, tools: Tools) -> bool:
    link = tools.store.find(PaymentLink, file.current_link) if file.current_link else None
    return link is not None and link.is_alive(tools.clock.now())


def _mailed_to_payer(link: PaymentLink, person: Person, *, tools: Tools) -> list[Row]:
    if link.payer_email is None:
        return []
    quota = spend(LINKS_MAILED, person.id, TooManyLinks, tools=tools)
    return [quota, mail_to_payer(Template.LINK_FOR_PAYER, link, tools=tools)]


def _view(link: PaymentLink, *, tools: Tools) -> LinkView:
    return LinkView.of(
        link,
        url=f"{tools.house.site_url}/{link.language}/pay/{link_token(link, tools=tools)}",
        is_over=not link.is_alive(tools.clock.now()),
    )
