"""Lists of deals: sorted, filtered, paged by key, their columns, what is hidden in them, and the workbook."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from crm_app.cards.actions.columns import set_columns
from crm_app.cards.actions.tags import set_star, set_tags
from crm_app.cards.queries.columns import see_columns, tell_more
from crm_app.cards.queries.shelf import see_shelf
from crm_app.core import clock, search
from crm_app.core.actor import NOBODY, Actor
from crm_app.core.db import database
from crm_app.core.door import perform
from crm_app.core.errors import BadInput, Forbidden, NeedsLogin, RuleBroken
from crm_app.deals.actions.cards import change_deal
from crm_app.deals.export import write_deals
from crm_app.deals.fields import SORTS
from crm_app.deals.models import Deal
from crm_app.deals.queries.board import see_board
from crm_app.deals.queries.cards import count_deals, list_deals, see_deal
from crm_app.deals.screens.ways_between import board_of, list_of
from crm_app.pipelines.queries import PipelineRow
from tests.cards.fields import field
from tests.deals import make
from tests.plans import plan_of, statements_of

BY = [sort for name in SORTS for sort in (name, f"-{name}")]


@pytest.fixture
def way() -> PipelineRow:
    return make.pipeline()


@pytest.fixture
def many(ann: Actor, way: PipelineRow) -> Actor:
    """Forty deals with equal and blank values in every column."""
    now, clients = clock.now(), [make.client(f"Клиент {n}", owner=ann).id for n in range(3)]
    with database().session(writes=True) as session:
        for n in range(40):
            row = Deal(
                name=f"Сделка {n % 15:02}", number=str(n), client_id=(None, *clients)[n % 4], pipeline_id=way.id,
                stage_id=way.stages[n % 3].id, rank=f"a{n:02}", responsible_id=ann.id,
                amount=None if n % 5 == 0 else n % 7 * 100, payment_method=("", "Счёт")[n % 2],
                entered_stage_at=now - timedelta(days=n % 6), created_at=now - timedelta(days=n % 4),
                updated_at=now - timedelta(seconds=n % 7),
            )  # fmt: skip
            session.add(row)
            session.flush()
            search.put(session, "deal", row.id or 0, row.name)
        session.commit()
    return ann


@pytest.mark.parametrize("sort", BY)
def test_pages_of_any_order_join_into_the_whole_list_once(many: Actor, sort: str) -> None:
    whole = [row.id for row in perform(many, list_deals, sort=sort, limit=200).rows]
    assert len(whole) == len(set(whole)) == 40
    paged: list[int] = []
    after: str | None = None
    while True:
        page = perform(many, list_deals, sort=sort, after=after, limit=7)
        paged += [row.id for row in page.rows]
        after = page.next
        if not after:
            break
    assert paged == whole


def test_names_of_others_are_sorted_by_without_case_and_blanks_come_last(ann: Actor, way: PipelineRow) -> None:
    for name in ("бета", "Альфа", ""):
        make.deal(ann, way, name=name or "Без клиента", client_id=make.client(name, owner=ann).id if name else None)
    rows = perform(ann, list_deals, sort="client").rows
    assert [row.client_name for row in rows] == ["Альфа", "бета", ""]
    assert [row.name for row in perform(ann, list_deals, sort="-name").rows] == ["бета", "Без клиента", "Альфа"]


def found(actor: Actor, field: str, value: Any, op: str = "eq") -> list[str]:
    where = {"all": [{"field": field, "op": op, "value": value}]}
    rows = perform(actor, list_deals, filter=where, sort="name").rows
    assert perform(actor, count_deals, where=where) == len(rows)
    return [row.name for row in rows]


def test_deals_are_filtered_by_how_they_stand(ann: Actor, way: PipelineRow) -> None:
    one, two = make.deal(ann, way, name="Раз"), make.deal(ann, way, name="Два")
    perform(ann, set_star, card="deal", card_id=two.id, starred=True)
    perform(ann, set_tags, card="deal", card_id=one.id, names=["опт"])
    assert found(ann, "open", True) == ["Два", "Раз"] and found(ann, "won", True) == []
    assert found(ann, "stage_id", str(way.stages[0].id)) == ["Два", "Раз"]
    assert found(ann, "pipeline_id", way.id + 1) == []
    assert found(ann, "star", True) == ["Два"] and found(ann, "tags", "опт", "has") == ["Раз"]
    assert {row.name: (row.tags, row.is_starred) for row in perform(ann, list_deals).rows} == {
        "Раз": (["опт"], False), "Два": ([], True),
    }  # fmt: skip
    system = [each.key for each in perform(ann, see_shelf, card="deal").filters if each.side == "system"]
    assert system == ["all", "star", "mine"]


PLANNED: dict[str, dict[str, Any]] = {
    "id": {"op": "in", "value": [1, 2]}, "name": {"op": "contains", "value": "сделка 07"}, "number": {"value": "7"},
    "client_id": {"value": 1}, "stage_id": {"value": 1}, "open": {"value": True}, "won": {"value": True},
    "lost": {"value": True}, "hold": {"value": True}, "responsible_id": {"value": 2},
    "amount": {"op": "gt", "value": 5},
    "created_at": {"op": "gt", "value": "today"}, "updated_at": {"op": "gt", "value": "today"},
    "entered_stage_at": {"op": "gt", "value": "today"}, "group": {"op": "has", "value": "1"},
    "tags": {"op": "has", "value": "опт"}, "text": {"op": "has", "value": "сделка 07"},
}  # fmt: skip


@pytest.mark.parametrize("field", list(PLANNED))
def test_filters_are_served_by_an_index(many: Actor, adam: Actor, field: str) -> None:
    for plan in plans(adam, filter={"op": "eq", "field": field, **PLANNED[field]}):
        assert "SCAN deal\n" not in f"{plan}\n", plan


@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("sort", ["number", "amount", "created_at", "updated_at", "entered_stage_at"])
def test_a_page_of_the_whole_list_is_read_in_the_order_of_an_index(
    many: Actor, adam: Actor, sort: str, sign: str
) -> None:
    first = perform(adam, list_deals, sort=sign + sort, limit=10)
    for plan in plans(adam, sort=sign + sort, after=first.next, limit=10):
        assert "TEMP B-TREE" not in plan and "Sort Key" not in plan, plan


def plans(actor: Actor, **arguments: Any) -> list[str]:
    base = database()
    if not base.is_sqlite:
        pytest.skip("the planner of PostgreSQL scans small tables whatever indexes they have")
    asked = statements_of(base, lambda: perform(actor, list_deals, **arguments))
    told = [plan_of(base, one) for one in asked if "FROM deal " in one and "LIMIT" in one]
    assert told
    return told


def test_columns_are_ones_own_and_further_ones_are_told_in_words(ann: Actor, way: PipelineRow) -> None:
    field("text", "Склад", card="deal")
    made = make.deal(ann, way, payment_method="Счёт", fields={"sklad": "Тула"})
    keys = ["name", "fields.sklad", "payment_method"]
    perform(ann, set_columns, card="deal", columns=[{"key": key, "width": 0} for key in keys])
    assert [each.key for each in perform(ann, see_columns, card="deal").columns if each.is_shown] == keys
    told = perform(ann, tell_more, card="deal", ids=[made.id], keys=keys)
    assert told == {made.id: {"fields.sklad": "Тула", "payment_method": "Счёт"}}


def test_what_is_hidden_is_in_no_list_filter_order_sum_or_workbook(
    ann: Actor, way: PipelineRow, tmp_path: Path
) -> None:
    client = make.client("Тайный", owner=ann)
    make.deal(ann, way, name="Сделка", amount=123_00, client_id=client.id, payment_method="Наличные")
    hidden = frozenset({"amount", "payment_method", "client_id", "client", "client_name"})
    limited = replace(ann, hidden={"deal": hidden})
    (row,) = perform(limited, list_deals).rows
    assert (row.amount, row.payment_method, row.client_id, row.client_name) == (None, "", 0, "")
    for name in ("amount", "payment_method", "client"):
        with pytest.raises(BadInput):
            perform(limited, list_deals, sort=name)
    for name in ("amount", "payment_method", "client_id"):
        with pytest.raises(BadInput):
            perform(limited, list_deals, filter={"field": name, "op": "empty"})
    assert perform(limited, list_deals, q="тайный").rows == []
    assert "payment_method" not in {each.key for each in perform(limited, see_columns, card="deal").columns}
    column = perform(limited, see_board, pipeline_id=way.id).columns[0]
    assert [(each.currency, each.amount) for each in column.sums] == [("RUB", None)]
    told = sheet(limited, tmp_path)
    assert (told["Сумма"], told["Способ оплаты"], told["Клиент"]) == (None, None, None)


def test_deals_go_out_as_a_workbook(ann: Actor, greg: Actor, way: PipelineRow, tmp_path: Path) -> None:
    client = make.client("ООО «Вектор»", owner=ann)
    made = make.deal(ann, way, name="=Поставка", amount=125_000_00, client_id=client.id)
    perform(ann, set_tags, card="deal", card_id=made.id, names=["опт"])
    told = sheet(ann, tmp_path)
    assert (told["Название"], told["Клиент"], told["Этап"], told["Ответственный"], told["Метки"]) == (
        "=Поставка", "ООО «Вектор»", way.stages[0].name, "Анна", "опт",
    )  # fmt: skip
    assert told["Сумма"] == 125_000
    for actor, refusal in ((greg, Forbidden), (NOBODY, NeedsLogin)):
        with pytest.raises(refusal):
            write_deals(actor, tmp_path / "no.xlsx")


def sheet(actor: Actor, folder: Path) -> dict[str, Any]:
    target = folder / "deals.xlsx"
    assert write_deals(actor, target) == 1
    head, row = openpyxl.load_workbook(io.BytesIO(target.read_bytes())).active.iter_rows(values_only=True)
    return dict(zip(head, row, strict=True))


def test_a_change_by_another_is_a_conflict_for_who_has_seen_the_former_version(ann: Actor, way: PipelineRow) -> None:
    made = make.deal(ann, way)
    seen = perform(ann, see_deal, deal_id=made.id).deal.version
    assert perform(ann, change_deal, deal_id=made.id, values={"delivery": "Почта"}, version=seen).version == seen + 1
    with pytest.raises(RuleBroken, match="изменил"):
        perform(ann, change_deal, deal_id=made.id, values={"delivery": "Сами"}, version=seen)


@pytest.mark.parametrize("mine", [True, False])
@pytest.mark.parametrize("closed", [True, False])
def test_the_board_and_the_list_lead_to_each_other(mine: bool, closed: bool) -> None:
    from urllib.parse import parse_qs, urlsplit

    from crm_app.cards.screens.address import read_filter

    clause = {"field": "amount", "op": "gt", "value": 5}
    asked = parse_qs(urlsplit(list_of(7, {"all": [clause]}, "слова", mine=mine, with_closed=closed)).query)
    where = read_filter(asked["filter"][0])
    assert asked["q"] == ["слова"] and clause in where["all"]
    back = parse_qs(urlsplit(board_of(where, "слова")).query)
    assert (back["pipeline"], back["q"], "closed" in back) == (["7"], ["слова"], closed)
    own = [{"field": "responsible_id", "op": "eq", "value": "me"}] if mine else []
    assert read_filter(back["filter"][0])["all"] == [*own, clause]
    either = {"any": [clause, {"field": "open", "value": True}]}
    assert read_filter(parse_qs(urlsplit(board_of(either, "")).query)["filter"][0]) == {"all": [either]}
