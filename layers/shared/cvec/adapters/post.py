"""Letters handed to SES as whole MIME messages, so that what was looked at is what leaves."""

from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP
from typing import TYPE_CHECKING

from cvec.adapters.faults import translated
from cvec.ports import Letter, Undeliverable

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

_NEVER = ("MessageRejected", "BadRequestException", "NotFoundException")


class SesPost:
    """The `Post` port on SESv2."""

    def __init__(self, client: "Callable[[], SESV2Client]", *, sender: str, sender_name: str) -> None:
        self._client = client
        self._sender = sender
        self._sender_name = sender_name

    def send(self, letter: Letter) -> None:
        """Hand the letter over. Raises TryAgain (later) or Undeliverable (never)."""
        from botocore.exceptions import ClientError

        message = self._message(letter).as_bytes()
        try:
            with translated():
                self._client().send_email(
                    FromEmailAddress=self._sender,
                    Destination={"ToAddresses": [letter.to]},
                    Content={"Raw": {"Data": message}},
                    EmailTags=[{"Name": "mail", "Value": letter.id}],
                )
        except ClientError as error:
            if error.response["Error"]["Code"] in _NEVER:
                raise Undeliverable from error
            raise

    def _message(self, letter: Letter) -> EmailMessage:
        from email.headerregistry import Address

        message = EmailMessage(policy=SMTP)
        message["From"] = Address(self._sender_name, addr_spec=self._sender)
        message["To"] = letter.to
        message["Subject"] = letter.subject
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text)
        message.add_alternative(letter.html, subtype="html")
        message["Content-Language"] = "fr, en"  # last: what a message says of its content moves into its first part
        return message
