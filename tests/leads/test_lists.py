"""Lists of leads: sorted, filtered, paged by key, and the indexes that serve them; many at once."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from crm_app.cards.actions.bulk_changes import start_bulk
from crm_app.cards.actions.tags import set_star, set_tags
from crm_app.cards.queries.shelf import see_shelf
from crm_app.core import clock, search
from crm_app.core.actor import Actor
from crm_app.core.db import database
from crm_app.core.door import perform
from crm_app.core.errors import BadInput, Forbidden
from crm_app.leads.actions.moves import disqualify_lead, touch_lead
from crm_app.leads.export import write_leads
from crm_app.leads.fields import FILTERS, SORTS
from crm_app.leads.models import Lead
from crm_app.leads.queries.cards import count_leads, list_leads
from crm_app.pipelines.queries import PipelineRow
from tests.leads import make
from tests.plans import plan_of, statements_of

BY = [sort for name in SORTS for sort in (name, f"-{name}")]


@pytest.fixture(autouse=True)
def way(adam: Actor) -> PipelineRow:
    return make.way(adam)


@pytest.fixture
def many(ann: Actor, way: PipelineRow) -> Actor:
    """Forty leads with equal and blank values in every column."""
    now = clock.now()
    with database().session(writes=True) as session:
        for n in range(40):
            name = f"Обращение {n:02}"
            row = Lead(
                name=name, sort_name=f"обращение {n % 15:02}", source=("site", "", "Радио")[n % 3],
                pipeline_id=way.id, stage_id=way.stages[n % 3].id, rank=f"a{n:02}", entered_stage_at=now,
                touch_due_at=None if n % 5 == 0 else now - timedelta(minutes=n % 9), responsible_id=ann.id,
                created_at=now - timedelta(days=n % 4), updated_at=now - timedelta(seconds=n % 7),
            )  # fmt: skip
            session.add(row)
            session.flush()
            search.put(session, "lead", row.id or 0, name)
        session.commit()
    return ann


@pytest.mark.parametrize("sort", BY)
def test_pages_of_any_order_join_into_the_whole_list_once(many: Actor, sort: str) -> None:
    whole = [row.id for row in perform(many, list_leads, sort=sort, limit=200).rows]
    assert len(whole) == len(set(whole)) == 40
    paged, after = [], ""
    while True:
        page = perform(many, list_leads, sort=sort, after=after, limit=7)
        paged += [row.id for row in page.rows]
        after = page.next
        if not after:
            break
    assert paged == whole


def test_a_row_shows_what_other_tables_know(ann: Actor) -> None:
    made = make.lead(ann, phones=["+79151234567"], emails=["a@b.ru"], source="site")
    perform(ann, set_tags, card="lead", card_id=made.id, names=["опт"])
    perform(ann, set_star, card="lead", card_id=made.id, starred=True)
    (row,) = perform(ann, list_leads).rows
    assert (row.phone, row.email, row.tags, row.is_starred) == ("+79151234567", "a@b.ru", ["опт"], True)
    assert (row.stage, row.stage_kind, row.touch, row.responsible) == ("Новый", "open", "waiting", "Анна")


def found(actor: Actor, field: str, value: Any, op: str = "eq") -> list[str]:
    where = {"all": [{"field": field, "op": op, "value": value}]}
    return [row.name for row in perform(actor, list_leads, where=where, sort="name").rows]


def test_leads_are_filtered_by_how_they_stand(ann: Actor, way: PipelineRow, monkeypatch: pytest.MonkeyPatch) -> None:
    late, touched, gone = (make.lead(ann, name) for name in ("А поздний", "Б тронутый", "В пустой"))
    perform(ann, touch_lead, lead_id=touched.id)
    perform(ann, disqualify_lead, lead_id=gone.id, reason="Спам")
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(hours=2))
    assert found(ann, "overdue", True) == [late.name] and found(ann, "disqualified", True) == [gone.name]
    assert found(ann, "open", True) == [late.name, touched.name] and found(ann, "qualified", True) == []
    assert found(ann, "stage_id", way.stages[0].id) == [late.name, touched.name]


def test_the_shelf_knows_leads(ann: Actor) -> None:
    assert [each.key for each in perform(ann, see_shelf, card="lead").filters if each.side == "system"] == [
        "all", "star", "mine",
    ]  # fmt: skip


def test_what_is_not_overdue_is_every_other_lead(many: Actor) -> None:
    late, not_late, none = (
        perform(many, count_leads, where=where)
        for where in (
            {"field": "overdue", "op": "eq", "value": True}, {"field": "overdue", "op": "ne", "value": True},
            {"none": [{"field": "overdue", "op": "eq", "value": True}]},
        )
    )  # fmt: skip
    assert late > 0 and not_late == none == 40 - late


WHERE: dict[str, dict[str, Any]] = {
    "id": {"op": "in", "value": [1, 2]},
    "name": {"op": "contains", "value": "обращение 07"}, "stage_id": {"value": 1}, "open": {"value": True},
    "qualified": {"value": True}, "disqualified": {"value": True}, "overdue": {"value": True},
    "converted": {"value": True}, "converted_at": {"op": "gt", "value": "today"},
    "touched_at": {"op": "gt", "value": "today"}, "touch_due_at": {"op": "gt", "value": "today"},
    "responsible_id": {"value": 2}, "source": {"value": "site"}, "channel": {"value": "call"},
    "organisation": {"op": "contains", "value": "вектор"}, "person": {"op": "contains", "value": "лукин"},
    "interest": {"op": "contains", "value": "насосы"}, "city": {"op": "contains", "value": "Орёл"},
    "site": {"op": "contains", "value": "vector"},
    "utm_source": {"value": "яндекс"}, "utm_campaign": {"value": "осень"},
    "phones": {"op": "has", "value": "+79151234567"}, "emails": {"op": "has", "value": "a@b.ru"},
    "created_at": {"op": "gt", "value": "today"}, "updated_at": {"op": "gt", "value": "today"},
    "group": {"op": "has", "value": "1"}, "tags": {"op": "has", "value": "опт"}, "star": {"value": True},
    **{name: {"op": "starts", "value": "в"} for name in ("utm_medium", "utm_term", "utm_content")},
    **{name: {"op": "contains", "value": "лог"} for name in ("position", "note", "disqualified_reason")},
    "pipeline_id": {"value": 1}, "via": {"value": "form"}, "import_id": {"value": 3}, "created_by_id": {"value": 2},
    "entered_stage_at": {"op": "gt", "value": "today"},
    "text": {"op": "has", "value": "обращение 07"}, "commented": {"op": "in", "value": "last_30_days"},
}  # fmt: skip


def test_every_filter_that_can_be_saved_has_been_thought_of() -> None:
    assert WHERE.keys() == FILTERS.keys()


@pytest.mark.parametrize("field", list(WHERE))
def test_each_filter_and_order_is_served_by_an_index(many: Actor, adam: Actor, field: str) -> None:
    where = {"op": "eq", "field": field, **WHERE[field]}
    for plan in plans(adam, where=where, sort="name"):
        assert "SCAN lead\n" not in f"{plan}\n", plan


@pytest.mark.parametrize("sort", BY)
def test_a_page_of_the_whole_list_is_read_in_the_order_of_an_index(many: Actor, adam: Actor, sort: str) -> None:
    first = perform(adam, list_leads, sort=sort, limit=10)
    for plan in plans(adam, sort=sort, after=first.next, limit=10):
        assert "TEMP B-TREE" not in plan and "Sort Key" not in plan, plan


def plans(actor: Actor, **arguments: Any) -> list[str]:
    base = database()
    if not base.is_sqlite:
        pytest.skip("the planner of PostgreSQL scans small tables whatever indexes they have")
    asked = statements_of(base, lambda: perform(actor, list_leads, **arguments))
    told = [plan_of(base, one) for one in asked if "FROM lead " in one and "LIMIT" in one]
    assert told
    return told


def test_few_statements_make_a_page(many: Actor) -> None:
    if database().is_sqlite:
        assert len(statements_of(database(), lambda: perform(many, list_leads, limit=40))) <= 5


def many_at_once(actor: Actor, ids: list[int], operation: str, **arguments: Any) -> None:
    perform(actor, start_bulk, card="lead", operation=operation, arguments=arguments, ids=ids)


def test_many_are_changed_at_once_those_that_are_ones_own(ann: Actor, olga: Actor, mary: Actor) -> None:
    mine, other, theirs = make.lead(ann), make.lead(ann, "Другой"), make.lead(olga, "Чужой")
    ids = [lead.id or 0 for lead in (mine, other, theirs)]
    many_at_once(ann, ids, "set", field="source", value="Радио")
    assert found(ann, "source", "Радио") == ["Другой", "Насосы для Вектора"]
    with pytest.raises(BadInput):
        many_at_once(ann, ids, "set", field="responsible_id", value=999)
    with pytest.raises(Forbidden):
        many_at_once(mary, ids, "set", field="source", value="Радио")
    many_at_once(ann, ids[:2], "remove")
    assert perform(ann, count_leads) == 1 and perform(ann, count_leads, q="другой") == 0


def test_leads_go_out_as_a_workbook(ann: Actor, greg: Actor, tmp_path: Path) -> None:
    make.lead(ann, phones=["+79151234567"], source="site", channel="call", utm_campaign="осень")
    target = tmp_path / "leads.xlsx"
    assert write_leads(ann, target, None, "", "ru") == 1
    head, row = openpyxl.load_workbook(io.BytesIO(target.read_bytes())).active.iter_rows(values_only=True)
    told = dict(zip(head, row, strict=True))
    assert (told["Название"], told["Этап"], told["Источник"], told["Канал"]) == (
        "Насосы для Вектора", "Новый", "Сайт", "Звонок",
    )  # fmt: skip
    with pytest.raises(Forbidden):
        write_leads(greg, tmp_path / "no.xlsx", None, "", "ru")
