"""What a round left behind is counted under the very name and dimension that its alarm in the template watches."""

import json
from typing import Any

import pytest
from cvec import wiring
from cvec.domain.errors import TryAgain

from tests.house.building import step_of, template
from tests.support.calling import invoke
from tests.support.fakes import World
from tests.support.people import at_the_page, registered


def watched() -> dict[str, dict[str, Any]]:
    """The alarms on our own counts, by what they count."""
    plan = template()
    alarms = [plan.properties(name) for name in plan.resources_of("AWS::CloudWatch::Alarm")]
    namespace = plan.environment()["POWERTOOLS_METRICS_NAMESPACE"]
    return {alarm["MetricName"]: alarm for alarm in alarms if alarm["Namespace"] == namespace}


def counted(said: str) -> dict[str, Any]:
    """The counts among the lines that a function wrote, in CloudWatch's embedded format."""
    return next(json.loads(line) for line in said.splitlines() if '"_aws"' in line)


def check(metric: str, said: str, *, number: int) -> None:
    emf, alarm = counted(said), watched()[metric]
    assert emf[metric] == [number]
    [dimension] = alarm["Dimensions"]
    assert emf["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [[dimension["Name"]]]
    assert emf[dimension["Name"]] == dimension["Value"]


def test_a_mail_that_waits_too_long_is_counted(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    registered(world)
    wiring.use(world)
    world.post.refuse_with = TryAgain
    world.clock.advance(minutes=16)
    assert invoke("notify", {"task": "sweep"})["overdue"] == 2
    check("notify_sweep_overdue", capsys.readouterr().out, number=2)


def test_a_payment_left_open_is_counted(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    at_the_page(world)
    wiring.use(world)
    world.cards.is_down = True
    world.clock.advance(hours=1)
    assert invoke("pay", {"task": "reconcile"})["overdue"] == 1
    check("pay_reconcile_overdue", capsys.readouterr().out, number=1)


def test_a_difference_of_yesterday_is_counted(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    _, offered = at_the_page(world)
    wiring.use(world)
    world.cards.pay(f"page-{offered.payment}", cents=1)
    world.cards.moved[-1] = (world.cards.moved[-1][0], world.cards.moved[-1][1].model_copy(update={"transaction": "x"}))
    world.clock.advance(days=1)
    assert invoke("pay", {"task": "close_day"})["overdue"] == 1
    check("pay_close_day_overdue", capsys.readouterr().out, number=1)


def test_every_alarm_on_our_counts_watches_a_round_that_the_template_runs() -> None:
    rounds = {
        f"{step_of(function.name)}_{schedule.input['task']}_overdue"
        for function in template().functions
        for schedule in function.events.schedules
    }
    assert set(watched()) <= rounds, "an alarm watches what nothing counts"
    assert {"pay_reconcile_overdue", "certify_sweep_overdue", "notify_sweep_overdue"} <= set(watched())
