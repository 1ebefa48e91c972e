"""Which address did I use? Told to that address alone, never to whoever asks."""

from datetime import date

from cvec.domain.accounts import Person
from cvec.domain.errors import TooManyReminders
from cvec.domain.limits import ADDRESS_REMINDERS
from cvec.domain.mails import Template
from cvec.ports import Tools
from cvec.usecases import keys
from cvec.usecases.again import again_if_stale
from cvec.usecases.claims import NOBODY, find_holder
from cvec.usecases.outbox import mail
from cvec.usecases.quotas import spend


@again_if_stale
def remind_address(ine: str, birth_date: date, *, tools: Tools) -> None:
    """Mail the sign-in address to itself if somebody has this INE and this birth date; say nothing otherwise.

    Whoever is known or not, the same rows are read and as many are written, so that time tells nothing either.
    Raises TooManyReminders, for known and unknown numbers alike.
    """
    key = keys.ine_key(ine, tools=tools)
    quota = spend(ADDRESS_REMINDERS, key, TooManyReminders, tools=tools)
    tools.store.commit(quota)
    person = tools.store.find(Person, find_holder(keys.INE, key, tools=tools) or NOBODY)
    if person is None or person.identity.birth_date != birth_date:
        tools.store.commit(quota.next())
        return
    tools.store.commit(mail(Template.ADDRESS_REMINDER, to=person.email, tools=tools, email=person.email))
