"""Those who can still save a lead are told when its first touch is late: once, and nobody else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from sqlmodel import select

from crm_app.access.actions.employees import disable_employee
from crm_app.access.models import Role
from crm_app.cards.kinds import KINDS
from crm_app.cards.queries.every_card import list_notifications
from crm_app.core import clock
from crm_app.core.actor import NOBODY, Actor
from crm_app.core.db import database
from crm_app.core.door import perform
from crm_app.core.errors import Forbidden, NeedsLogin
from crm_app.core.jobs import LeaseLost, Run
from crm_app.core.settings import settings
from crm_app.leads.actions.cards import remove_lead, restore_lead
from crm_app.leads.actions.lateness import COUNT_ANEW, LATE, count_anew, tell_of_late_touch
from crm_app.leads.actions.moves import disqualify_lead, touch_lead, untouch_lead
from crm_app.leads.models import Lead
from crm_app.leads.queries.cards import see_lead
from crm_app.pipelines.actions.arranging import change_pipeline
from crm_app.pipelines.queries import PipelineRow
from crm_app.worktime.actions import forget_day, set_days
from tests.leads import make
from tests.work import work_off

Later = Callable[[int], None]


@pytest.fixture
def way(adam: Actor) -> PipelineRow:
    return make.way(adam)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    """Lets minutes pass, and the worker do what is due by then."""

    def pass_by(minutes: int) -> None:
        work_off()
        now = clock.now()
        monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=minutes))
        work_off()

    return pass_by


def told(actor: Actor) -> list[tuple[str, str]]:
    """Titles and addresses of the late leads of which somebody was told."""
    rows = perform(actor, list_notifications)
    return [(row.params["title"], row.href) for row in rows if row.key == "leads.notice.late"]


def test_the_responsible_and_their_head_are_told_once(
    ann: Actor, bob: Actor, olga: Actor, adam: Actor, way: PipelineRow, later: Later
) -> None:
    made = make.lead(ann)
    later(59)
    assert told(ann) == []
    later(2)
    later(300)
    here = [(made.name, f"/leads/{made.id}")]
    assert (told(ann), told(olga)) == (here, here)
    assert told(bob) == told(adam) == []


def test_of_a_lead_that_is_nobodys_all_heads_are_told(
    ann: Actor, olga: Actor, adam: Actor, way: PipelineRow, later: Later
) -> None:
    made = make.lead(adam, responsible_id=None)
    later(61)
    assert [title for title, _ in told(olga)] == [title for title, _ in told(adam)] == [made.name]
    assert told(ann) == []


def test_what_a_role_may_with_leads_of_some_kind_alone_counts(
    ann: Actor, olga: Actor, adam: Actor, way: PipelineRow, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(KINDS, "lead", replace(KINDS["lead"], parted_by=("source",)))
    with database().session(writes=True) as session:
        head = session.exec(select(Role).where(Role.key == "head")).one()
        head.exceptions = {"lead.change": {"source:site": ""}}
        session.commit()
    make.lead(ann, "С сайта", source="site")
    make.lead(ann, "По звонку", source="call")
    later(61)
    assert [title for title, _ in told(olga)] == ["По звонку"]
    assert sorted(title for title, _ in told(ann)) == ["По звонку", "С сайта"]


def test_the_leads_of_one_who_has_left_are_the_heads_worry(
    ann: Actor, bob: Actor, olga: Actor, adam: Actor, way: PipelineRow, later: Later
) -> None:
    made = make.lead(ann)
    perform(adam, disable_employee, employee_id=ann.id)
    later(61)
    assert [title for title, _ in told(olga)] == [title for title, _ in told(adam)] == [made.name]
    assert told(bob) == []


def test_what_waits_no_more_is_nobodys_worry(ann: Actor, adam: Actor, way: PipelineRow, later: Later) -> None:
    touched, closed, gone = (make.lead(ann, name) for name in ("Тронут", "Закрыт", "В корзине"))
    perform(ann, touch_lead, lead_id=touched.id)
    perform(ann, disqualify_lead, lead_id=closed.id, reason="Нет бюджета")
    perform(ann, remove_lead, lead_id=gone.id)
    perform(adam, change_pipeline, pipeline_id=way.id, values={"touch_minutes": 0})
    make.lead(ann, "Без срока")
    later(61)
    perform(ann, restore_lead, lead_id=gone.id)
    later(61)
    assert told(ann) == []


def test_only_who_holds_the_job_tells(ann: Actor, mary: Actor, greg: Actor, way: PipelineRow) -> None:
    made = make.lead(ann)
    run = Run(1, LATE, {"lead_id": made.id}, "somebody", tries=1)
    for stranger in (mary, greg, NOBODY):
        with pytest.raises((Forbidden, NeedsLogin)):
            perform(stranger, tell_of_late_touch, run=run, lead_id=made.id)
    with pytest.raises(LeaseLost):
        perform(ann, tell_of_late_touch, run=run, lead_id=made.id)
    assert told(ann) == []


def test_only_who_holds_the_job_counts_anew(ann: Actor, mary: Actor, greg: Actor, way: PipelineRow) -> None:
    run = Run(1, COUNT_ANEW, {}, "somebody", tries=1)
    for stranger in (mary, greg, NOBODY):
        with pytest.raises((Forbidden, NeedsLogin)):
            perform(stranger, count_anew, run=run, lead_ids=[])
    with pytest.raises(LeaseLost):
        perform(ann, count_anew, run=run, lead_ids=[])


def test_a_day_off_gives_more_time_to_leads_that_wait_also_where_it_is_told_of_later(
    ann: Actor, adam: Actor, way: PipelineRow, later: Later
) -> None:
    late = make.lead(ann, "Опоздали")
    later(61)
    assert [title for title, _ in told(ann)] == ["Опоздали"]
    waits, touched, binned = (make.lead(ann, name) for name in ("Ждёт", "Тронут зря", "В корзине"))
    perform(ann, touch_lead, lead_id=touched.id)
    perform(ann, remove_lead, lead_id=binned.id)
    work_off()
    off = {"hours": None, "name": ""}
    today = clock.in_zone(clock.now(), settings().timezone.key).date()
    days = [today + timedelta(days=n) for n in (0, 1)]  # the hour may run over midnight
    perform(adam, set_days, days=[{"day": day, **off} for day in days])
    work_off()
    perform(ann, untouch_lead, lead_id=touched.id)
    perform(ann, restore_lead, lead_id=binned.id)
    opens = datetime.combine(days[1] + timedelta(days=1), time(), settings().timezone)
    for each in (waits, touched, binned):
        assert due_of(ann, each) == opens + timedelta(hours=1)
    assert due_of(ann, late) == late.touch_due_at  # what is late stays late
    later(61)
    assert [title for title, _ in told(ann)] == ["Опоздали"]
    later(60 * 24 * 2)
    assert sorted(title for title, _ in told(ann)) == ["В корзине", "Ждёт", "Опоздали", "Тронут зря"]


def test_longer_hours_bring_the_minute_forward_but_make_nobody_late(
    ann: Actor, adam: Actor, way: PipelineRow, later: Later
) -> None:
    today = clock.in_zone(clock.now(), settings().timezone.key).date()
    days = [today + timedelta(days=n) for n in (0, 1)]
    perform(adam, set_days, days=[{"day": day, "hours": None, "name": ""} for day in days])
    waits = make.lead(ann, "Ждёт")
    shut = due_of(ann, waits)
    assert shut is not None and shut - waits.created_at > timedelta(hours=2)
    work_off()
    for day in days:
        perform(adam, forget_day, day=day)
    work_off()
    assert due_of(ann, waits) == waits.created_at + timedelta(hours=1)
    later(61)
    assert [title for title, _ in told(ann)] == ["Ждёт"]


def test_by_a_calendar_of_today_that_makes_it_late_a_lead_keeps_its_minute(
    ann: Actor, adam: Actor, way: PipelineRow, later: Later
) -> None:
    today = clock.in_zone(clock.now(), settings().timezone.key).date()
    perform(adam, set_days, days=[{"day": today + timedelta(days=n), "hours": None, "name": ""} for n in range(3)])
    waits = make.lead(ann, "Ждёт")
    shut = due_of(ann, waits)
    later(90)
    for n in range(3):
        perform(adam, forget_day, day=today + timedelta(days=n))
    work_off()
    assert due_of(ann, waits) == shut and told(ann) == []


def test_a_head_who_does_not_see_a_lead_is_not_told_of_it(
    ann: Actor, olga: Actor, adam: Actor, way: PipelineRow, later: Later
) -> None:
    with database().session(writes=True) as session:
        head = session.exec(select(Role).where(Role.key == "head")).one()
        head.permissions = {**head.permissions, "lead.see": "own"}
        session.commit()
    made = make.lead(ann)
    later(61)
    assert (told(ann), told(olga)) == ([(made.name, f"/leads/{made.id}")], [])


def test_who_may_take_a_lead_of_nobodys_but_does_not_see_it_is_led_to_the_pool(
    ann: Actor, olga: Actor, adam: Actor, way: PipelineRow, later: Later
) -> None:
    made = make.lead(adam, responsible_id=None)
    later(61)
    assert told(olga) == [(made.name, "/leads/pool")] and told(adam) == [(made.name, f"/leads/{made.id}")]


def due_of(actor: Actor, lead: Lead) -> datetime | None:
    return perform(actor, see_lead, lead_id=lead.id).touch_due_at
