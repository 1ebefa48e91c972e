"""Verification codes: six letters that prove that a mailbox is theirs."""

from cvec.domain.codes import FEW_TRIES, CodePurpose, VerificationCode
from cvec.domain.errors import (
    CodeExpired,
    EmailNotVerified,
    TooManyCodes,
    TooManyGuesses,
    WrongCode,
)
from cvec.domain.limits import CODES_SENT, CODES_TRIED
from cvec.domain.mails import Template
from cvec.domain.registration import Draft, DraftState
from cvec.ports import Tools
from cvec.usecases import keys
from cvec.usecases.again import again_if_stale
from cvec.usecases.answers import RegistrationView
from cvec.usecases.claims import find_holder
from cvec.usecases.mailboxes import confirmed_mailbox
from cvec.usecases.outbox import mail
from cvec.usecases.quotas import spend, tries_left
from cvec.usecases.register import unfinished_draft
from cvec.usecases.tokens import code_letters, same_secret


@again_if_stale
def give_email(draft_id: str, email: str, *, seen: int | None = None, tools: Tools) -> RegistrationView:
    """Keep the address and send it a code; an address that has an account gets a mail that says so, and no code.

    The answer is the same either way. Raises ChangedElsewhere, TooManyCodes.
    """
    draft = unfinished_draft(draft_id, tools=tools).unless_changed(seen, email=email)
    if draft.email == email and draft.state is DraftState.EMAIL_VERIFIED:
        return RegistrationView.of(draft)
    return _send_code(draft.with_email(email), email, tools=tools)


@again_if_stale
def send_code_again(draft_id: str, *, tools: Tools) -> RegistrationView:
    """Send a new code, which replaces the last one. Raises TooManyCodes, EmailNotVerified where no address is known."""
    draft = unfinished_draft(draft_id, tools=tools)
    if draft.email is None:
        raise EmailNotVerified
    if draft.state is DraftState.EMAIL_VERIFIED:
        return RegistrationView.of(draft)
    return _send_code(draft.next(), draft.email, tools=tools)


@again_if_stale
def confirm_email(draft_id: str, letters: str, *, tools: Tools) -> RegistrationView:
    """The address is theirs: they typed the letters it received.

    A try is spent before the letters are looked at, so that no more than ten are ever evaluated a day, however fast.
    Raises CodeExpired, WrongCode, TooManyGuesses.
    """
    draft = unfinished_draft(draft_id, tools=tools)
    if draft.state is DraftState.EMAIL_VERIFIED:
        return RegistrationView.of(draft)
    code = _current_code(draft, tools=tools)
    quota = spend(CODES_TRIED, keys.email_key(code.email, tools=tools), TooManyGuesses, tools=tools)
    tools.store.commit(quota)
    _check_letters(code, letters, left=tries_left(quota, CODES_TRIED), tools=tools)
    confirmed = draft.confirmed()
    tools.store.commit(confirmed, confirmed_mailbox(confirmed, tools=tools), erase=[code])
    return RegistrationView.of(confirmed)


def _send_code(draft: Draft, email: str, *, tools: Tools) -> RegistrationView:
    key = keys.email_key(email, tools=tools)
    quota = spend(CODES_SENT, key, TooManyCodes, tools=tools)
    previous = tools.store.find(VerificationCode, draft.id, CodePurpose.MAIN_EMAIL)
    has_account = find_holder(keys.EMAIL, key, tools=tools) is not None
    template = Template.ALREADY_REGISTERED if has_account else Template.CODE
    code_id = tools.chance.new_id()
    letter = mail(template, to=email, tools=tools, code=code_id)
    code = VerificationCode(
        subject=draft.id,
        purpose=CodePurpose.MAIN_EMAIL,
        id=code_id,
        email=email,
        sent_at=tools.clock.now(),
        version=previous.version + 1 if previous else 1,
    )
    told = draft.model_copy(update={"code_mail": letter.id})
    tools.store.commit(told, code, quota, letter)
    return RegistrationView.of(told, letter)


def _current_code(draft: Draft, *, tools: Tools) -> VerificationCode:
    code = tools.store.find(VerificationCode, draft.id, CodePurpose.MAIN_EMAIL)
    if code is None or code.email != draft.email or code.expires_at <= tools.clock.now():
        raise CodeExpired
    return code


def _check_letters(code: VerificationCode, letters: str, *, left: int, tools: Tools) -> None:
    if not same_secret(letters, code_letters(code.id, secrets=tools.secrets)):
        raise WrongCode(**({"tries_left": left} if left <= FEW_TRIES else {}))
