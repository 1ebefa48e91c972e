"""What the example rows are made of: one long life, as students have them."""

from datetime import UTC, date, datetime

from cvec.domain.campaigns import Campaign
from cvec.domain.contact import Contact
from cvec.domain.identity import Civility, Identity, MaritalStatus
from cvec.domain.institution import Institution, InstitutionStatus

NOON = datetime(2026, 7, 1, 12, 0, 0, 123456, tzinfo=UTC)
YEAR = "2026-2027"
PERSON, OTHER = "p3r5on7aaaaaaaaaaaaaaaaaa2", "n0b0dyaaaaaaaaaaaaaaaaaaa2"
DIGEST = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
HASHED = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$" + "A" * 43
PAGE = "https://checkout.stripe.com/c/pay/cs_test_" + "a1" * 30 + "#" + "fidkdWxOYHwnPyd1blpxYHZxWjA0" * 4

LONG = Identity(
    marital_status=MaritalStatus.MARRIED,
    civility=Civility.MRS,
    birth_name="N'DIAYE-LÉVÊQUE",
    usage_name="DE LA ROCHEFOUCAULD",
    birth_date=date(1998, 5, 23),
    first_name="Marie-Françoise",
    second_name="Aïssatou",
    third_name="Zoë",
    birth_country="FR",
    birth_department="2A",
    birth_place="Sainte-Lucie-de-Tallano",
    nationality="SN",
)
HOME = Contact(
    mobile_phone="+33639980001",
    landline_phone="+33491989999",
    address_line1="12 rue du Général-de-Castelnau",
    address_line2="Bâtiment C, appartement 214",
    postal_code="13001",
    city="Marseille",
    country="FR",
)
SCHOOL = Institution(
    status=InstitutionStatus.FRANCE, department="13", name="Université d'Aix-Marseille", uai="0134009M"
)
CAMPAIGN = Campaign(
    year=YEAR,
    amount_cents=10_500,
    opens=date(2026, 5, 1),
    closes=date(2027, 8, 31),
    refund_until=date(2027, 5, 31),
)
