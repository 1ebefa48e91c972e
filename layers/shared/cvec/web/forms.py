"""What is sent and is no part of the law: the small bodies and forms of single routes."""

from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from cvec.domain.codes import TypedCode
from cvec.domain.email import Email
from cvec.domain.identity import DepartmentCode
from cvec.domain.ine import Ine
from cvec.domain.institutions import SHORTEST_SEARCH
from cvec.domain.liability import Place, Stay, Training
from cvec.domain.model import Value
from cvec.domain.payment_links import LONGEST_PHRASE, Phrase, ShownName
from cvec.domain.text import as_visible

_MAX_PASSWORD = 1024
Password = Annotated[str, Field(min_length=1, max_length=_MAX_PASSWORD)]


class EmailGiven(Value):
    """The address, typed twice."""

    email: Email
    email_again: Email

    @model_validator(mode="after")
    def _typed_twice_the_same(self) -> Self:
        if self.email != self.email_again:
            raise ValueError("email_again")
        return self


class IneGiven(Value):
    """The national student number."""

    ine: Ine


class CodeTyped(Value):
    """The code as it was typed."""

    code: TypedCode


class PasswordLinkAsked(Value):
    """Whose password is to be changed."""

    email: Email


class PasswordChosen(Value):
    """The mailed link's token and the password to set."""

    token: Annotated[str, Field(min_length=1, max_length=100)]
    password: Password


class PasswordForm(Value):
    """The password page's form."""

    password: Password


class ResumeLinkAsked(Value):
    """Whose registration is to go on."""

    email: Email


class ResumeToken(Value):
    """The mailed link's token."""

    token: Annotated[str, Field(min_length=1, max_length=100)]


class Credentials(Value):
    """What one signs in with."""

    email: Email
    password: Password


class ClosingAsked(Value):
    """The password, typed once more before an account is closed."""

    password: Password


class CommuneSearch(Value):
    """What was typed of a commune: the beginning of its name or postcode."""

    search: Annotated[str, Field(min_length=2, max_length=60, examples=["Lyon"])]


class InstitutionSearch(Value):
    """Where the institution is, what was typed of its name, or both; neither finds nothing."""

    department: Annotated[DepartmentCode, Field(examples=["69"])] | None = None
    search: Annotated[str, Field(min_length=SHORTEST_SEARCH, max_length=60, examples=["ecam"])] | None = None


class FilePrepared(Value):
    """The study city and the terms accepted."""

    commune: Annotated[str, Field(pattern=r"^[0-9][0-9AB][0-9]{3}$", examples=["69123"])]
    postcode: Annotated[str, Field(pattern=r"^[0-9]{5}$", examples=["69001"])]
    terms_version: Annotated[str, Field(max_length=20, examples=["2026-05"])]


class LinkAsked(Value):
    """How a payer is asked: the name they see, a word to them, and where to mail the link, if anywhere."""

    name: ShownName = ShownName.FIRST_NAME_AND_INITIAL
    phrase: Phrase | None = None
    payer_email: Email | None = None


class LinkRefused(Value):
    """Why a payer refuses, if they wish to say."""

    reason: Phrase | None = None


def _as_far_as_shown(typed: object) -> object:
    """What was typed, without what cannot be seen (joiners within emojis, soft hyphens) or is too long."""
    return (as_visible(typed)[:LONGEST_PHRASE].strip() or None) if isinstance(typed, str) else typed


class RefuseForm(Value):
    """A payer's refusal on the page: a word of theirs is never what stops it."""

    reason: Annotated[Phrase | None, BeforeValidator(_as_far_as_shown)] = None


class NothingTyped(Value):
    """A form with only a button."""


class LiabilityAsked(Value):
    """The three questions of "am I concerned?"."""

    training: Training
    place: Place
    stay: Stay


class CertificateCheck(Value):
    """The surname's beginning, which the bearer of the certificate shows: its first five letters are enough."""

    etudiant: Annotated[str, Field(min_length=1, max_length=60, examples=["NDIAY"])]


class CheckForm(Value):
    """The check page's form."""

    surname: Annotated[str, Field(min_length=1, max_length=60)]
