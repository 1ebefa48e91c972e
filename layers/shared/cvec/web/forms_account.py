"""What the owner of an account sends about it."""

from typing import Annotated

from pydantic import Field

from cvec.domain.codes import TypedCode
from cvec.domain.identity import Day
from cvec.domain.ine import Ine
from cvec.domain.model import Value
from cvec.web.forms import EmailGiven, Password


class AddressForgotten(Value):
    """Who forgot which address they sign in with."""

    ine: Ine
    birth_date: Annotated[Day, Field(examples=["1998-05-23"])]


class NewAddress(EmailGiven):
    """The address to sign in with from now on, typed twice, and the password that says who asks."""

    password: Password


class NewAddressConfirmed(Value):
    """The code that the new address received."""

    code: TypedCode
