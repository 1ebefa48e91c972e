"""Ten thousand students and 5 % chaos: when all is quiet, money kept is the fee of each paid file, to the cent."""

from cvec.domain.files import FileState

from tests.proof import figures
from tests.proof.campaign import simulate


def test_a_campaign_of_ten_thousand_keeps_what_is_owed_to_the_cent() -> None:
    campaign = simulate()
    assert campaign.wrong == []
    assert campaign.kept_cents == campaign.owed_cents == 10500 * campaign.files[FileState.PAID]
    figures.check("students in the campaign", campaign.students)
    figures.check("files paid", campaign.files[FileState.PAID])
    figures.check("times chaos struck", campaign.chaos.total())
