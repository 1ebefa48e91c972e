"""Whoever is woken up finds a section of the runbook for their alarm, and every alarm says that it is there."""

import re

import pytest

from tests.house.building import ROOT, template

PLAN = template()
ALARMS = PLAN.resources_of("AWS::CloudWatch::Alarm")
TITLES = re.findall(r"^## (.+)$", (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("alarm", ALARMS)
def test_an_alarm_has_a_section_in_the_runbook_and_says_so(alarm: str) -> None:
    assert [title for title in TITLES if f"`{alarm}`" in title], f"write `## `{alarm}`` in docs/runbook.md"
    assert "docs/runbook.md" in PLAN.properties(alarm)["AlarmDescription"], f"{alarm}: name docs/runbook.md"


def test_the_runbook_has_no_section_for_an_alarm_that_is_gone() -> None:
    named = {name for title in TITLES for name in re.findall(r"`(\w+Alarm)`", title)}
    assert named <= set(ALARMS), f"{sorted(named - set(ALARMS))}: remove the section, or write the alarm"
