"""The refusals of the service, and nothing else: no HTTP, no JSON, no language.

Refusal
├── Invalid            what was sent cannot be understood or accepted
│   ├── InvalidFields · UnreadableBody · UnsupportedContent · TooLarge · WrongMethod
│   ├── MistypedNumber · WrongCode · UnfitPassword · ForgedNotification
├── Unauthenticated    we do not know who asks
│   ├── NotSignedIn · WrongCredentials · NoRegistration
├── Forbidden          we know, and the answer is no
│   ├── ForeignOrigin · AccountBlocked
├── Unknown            there is no such thing (or not for you)
│   ├── UnknownRoute · UnknownLink · UnknownPayment · NoCertificateYet · UnknownCampaign
│   ├── UnknownDocument · NoCorrection
├── Conflict           not in the present state of things
│   ├── Stale · EmailNotVerified · RegistrationIncomplete · IneHeld · FileNotReady · AlreadyInOrder · PageOpening
│   ├── CampaignNotOpen · AddressTaken · KeyReused · StillRunning · ClosingMustWait · FormerAddressTaken
│   ├── ChangedElsewhere
├── Gone               it was there, and has ended
│   ├── CodeExpired · LinkExpired · LinkUsed · PaymentLinkOver
├── TooMany            slow down
│   ├── TooManyCodes · TooManyGuesses · TooManySignIns · TooManyLinks · TooManyUploads · TooManyReminders
└── Unavailable        ours or a partner's fault; nothing was lost
    ├── TryAgain · CardProviderUnavailable

Each leaf has a stable `code` (its name in snake case), French and English texts in `locales/`, and a remedy that
exists.
"""

from cvec.domain.refusal import Conflict as Conflict
from cvec.domain.refusal import FieldError as FieldError
from cvec.domain.refusal import Forbidden as Forbidden
from cvec.domain.refusal import Gone as Gone
from cvec.domain.refusal import Invalid as Invalid
from cvec.domain.refusal import Refusal as Refusal
from cvec.domain.refusal import TooMany as TooMany
from cvec.domain.refusal import Unauthenticated as Unauthenticated
from cvec.domain.refusal import Unavailable as Unavailable
from cvec.domain.refusal import Unknown as Unknown


class InvalidFields(Invalid):
    """One or more fields are missing, malformed or contradict each other; each is named."""


class UnreadableBody(Invalid):
    """The body is not JSON (or not a form, where a form is expected)."""


class UnsupportedContent(Invalid):
    """The Content-Type is not the one this address takes."""


class TooLarge(Invalid):
    """The body is larger than this address takes."""


class WrongMethod(Invalid):
    """The address exists, but not with this method."""


class MistypedNumber(Invalid):
    """The certificate number's form or check digits are wrong: a typing mistake, which tells nothing about anybody."""


class WrongCode(Invalid):
    """The verification code is not the one that was sent; `tries_left` says how many remain, once they are few."""


class UnfitPassword(Invalid):
    """The password does not meet the policy; the field codes say in what."""


class ForgedNotification(Invalid):
    """A card notification whose signature is not the provider's, or is too old. Nothing was changed."""


class NotSignedIn(Unauthenticated):
    """No session, or one that has ended."""


class WrongCredentials(Unauthenticated):
    """Unknown address or wrong password: deliberately the same answer."""


class NoRegistration(Unauthenticated):
    """This browser has no registration under way, or it has expired after 14 days."""


class ForeignOrigin(Forbidden):
    """The request comes from a page that is not ours (cross-site request forgery)."""


class AccountBlocked(Forbidden):
    """The account is blocked until a new proof of identity is accepted: no new payment, link or request meanwhile."""


class UnknownRoute(Unknown):
    """No such address in the service."""


class UnknownLink(Unknown):
    """No such link; the same answer whether it never existed or was erased."""


class UnknownPayment(Unknown):
    """No such payment, or not of whoever asks."""


class NoCertificateYet(Unknown):
    """The file is not settled, or its certificate is still being printed."""


class UnknownCampaign(Unknown):
    """No campaign for this academic year."""


class UnknownDocument(Unknown):
    """No such document of whoever asks, or nobody may read it: not checked yet, refused, or erased."""


class NoCorrection(Unknown):
    """No correction of this person's is waiting."""


class ClosingMustWait(Conflict):
    """A payment page is open: the account may be closed once it is paid or over."""


class Stale(Conflict):
    """Somebody else changed the same thing at the same moment; asking again is enough."""


class EmailNotVerified(Conflict):
    """The address must be confirmed by its code first."""


class RegistrationIncomplete(Conflict):
    """Some parts of the registration are missing; the fields name them."""


class IneHeld(Conflict):
    """Another account holds this INE: recover that account, or declare a mistake to an agent."""


class AddressTaken(Conflict):
    """An account was made with this address meanwhile. Said only to whoever proved that the mailbox is theirs."""


class FormerAddressTaken(Conflict):
    """The former address has another account by now, so it cannot be put back; nothing was changed."""


class ChangedElsewhere(Conflict):
    """Another device changed this very screen since it was last seen here; what it sent is kept, and nothing else."""


class KeyReused(Conflict):
    """This idempotency key came before with another request; nothing was done."""


class StillRunning(Conflict):
    """The request with this idempotency key is still being answered; `retry_after` is in seconds."""


class FileNotReady(Conflict):
    """The study city is not chosen or the personal-data terms are not accepted."""


class AlreadyInOrder(Conflict):
    """The file is settled (or nothing is owed): nobody may pay it again, and no money was taken."""


class PageOpening(Conflict):
    """A payment page is being opened for this file at this very moment; `retry_after` is in seconds."""


class CampaignNotOpen(Conflict):
    """The campaign of this year has not opened, or is closed."""


class CodeExpired(Gone):
    """The code is older than its life, or was replaced, or already used; a new one can be sent."""


class LinkExpired(Gone):
    """The link is older than its life; a new one can be sent."""


class LinkUsed(Gone):
    """The link has served already."""


class PaymentLinkOver(Gone):
    """The payment link cannot be used: unknown, refused, expired, revoked or used. To a stranger all are one answer."""


class TooManyCodes(TooMany):
    """Too many codes or links sent to this address."""


class TooManyGuesses(TooMany):
    """Too many codes tried for this address; only time gives new tries, not a new code."""


class TooManySignIns(TooMany):
    """Too many failed sign-ins; the lock ends by itself and never stops a password reset."""


class TooManyLinks(TooMany):
    """Too many payment links mailed for this file today."""


class TooManyUploads(TooMany):
    """Too many documents sent for the same purpose today."""


class TooManyReminders(TooMany):
    """Too many reminders of an address asked for with this INE."""


class TryAgain(Unavailable):
    """A service we rely on did not answer in time. Nothing was lost."""


class CardProviderUnavailable(Unavailable):
    """The card provider did not answer. No money was taken by this request."""
