"""Deals: made, filled in on their way, moved from stage to stage as the rules have it, closed, planned on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import pairwise
from typing import Any

from crm_app.core import ranks
from crm_app.deals import rules
from crm_app.deals.events import DealActionDone, DealActionPlanned, DealAdded, DealItemAdded, DealMoved
from crm_app.deals.models import Deal, DealItem, DealPlan, StageSpan
from crm_app.demo.chronicle import Birth, Chronicle
from crm_app.demo.journeys import Journey, draw
from crm_app.demo.marks import mark, say
from crm_app.demo.scene import KnownClient, KnownDeal, Person, Scene
from crm_app.demo.words import Chance
from crm_app.pipelines.models import Stage
from crm_app.pipelines.rules import HOLD, LOST, OPEN

_NO_REASON = ""
_LAST_SECOND = 2**33


@dataclass
class Line:
    """An item to be. price: minor units."""

    name: str
    quantity_thousandths: int
    price: int
    discount_basis_points: int = 0
    vat_percent: int | None = None


@dataclass(frozen=True)
class Plan:
    """A planned action. done_at: None while it is ahead."""

    kind: str
    what: str
    planned_at: datetime
    at: datetime
    done_at: datetime | None = None


@dataclass(frozen=True)
class Order:
    """What a deal is about. reason: why it is lost or waits."""

    title: str
    owner: Person
    client: KnownClient | None
    lines: tuple[Line, ...]
    payment_method: str
    delivery: str
    reason: str
    plans: tuple[Plan, ...]


def deals(scene: Scene) -> Iterator[Birth]:
    """Deals, as many as are asked for, each on a journey of its own."""
    chance = scene.chance("deals")
    journeys = [draw(chance.one(scene.ways), chance) for _ in range(scene.recipe.deals)]
    for journey in sorted(journeys, key=lambda journey: -journey.born):
        yield Birth(scene.days.before(journey.born), partial(_come, scene, chance, journey))


def _come(scene: Scene, chance: Chance, journey: Journey, chronicle: Chronicle) -> None:
    order = _make_up(scene, chance, journey)
    deal_id = add_deal(scene, chronicle, journey, order)
    mark(scene, chronicle, chance, "deal", deal_id, order.owner, scene.days.before(journey.born))
    if chance.happens(0.3):
        said_at = scene.days.before(journey.born * chance.between(0.05, 0.95))
        say(chronicle, said_at, order.owner, "deal", deal_id, chance.one(scene.words["remarks"]["deal"]))


def _make_up(scene: Scene, chance: Chance, journey: Journey) -> Order:
    words, way = scene.words, journey.way
    team = scene.cast.sellers if way.trade == "goods" else scene.cast.fitters
    client = _client(scene, chance, team)
    product = chance.one(words["products"][way.trade])
    is_asked = bool({"amount", "items"} & journey.required)
    lines = _lines(scene, chance, product) if is_asked or chance.happens(0.5) else ()
    return Order(
        title=chance.one(words["deal_names"][way.trade]).format(product=product[0]),
        owner=client.owner if client else chance.one(list(team)),
        client=client,
        lines=lines,
        payment_method=chance.one(words["payment_methods"]) if "payment_method" in journey.required else "",
        delivery=chance.one(words["deliveries"]) if "delivery" in journey.required else "",
        reason=_reason(scene, chance, journey.here),
        plans=tuple(_plans(scene, chance, journey)),
    )


def _client(scene: Scene, chance: Chance, team: tuple[Person, ...]) -> KnownClient | None:
    """Somebody who is a client by now, of the team if one is found soon."""
    found = None
    for _ in range(6 if scene.clients else 0):
        found = chance.one(scene.clients)
        if found.owner in team:
            break
    return found


def _lines(scene: Scene, chance: Chance, product: list[Any]) -> tuple[Line, ...]:
    words, vat = scene.words, scene.words["vat_percent"]
    discount = chance.one([0, 0, 0, 300, 500])
    main = Line(product[0], chance.one([1000, 1000, 1000, 2000, 3000]), product[1] * 100, discount, vat)
    extras = [extra for extra in words["extras"] if chance.happens(0.25)]
    return (main, *(Line(name, 1000, price * 100, 0, vat) for name, price in extras))


def _reason(scene: Scene, chance: Chance, here: Stage) -> str:
    if here.kind == LOST:
        return chance.one(scene.words["lost_reasons"])
    return chance.one(scene.words["hold_reasons"]) if here.kind == HOLD else _NO_REASON


def _plans(scene: Scene, chance: Chance, journey: Journey) -> Iterator[Plan]:
    """Actions on the way, done in their stage; and the one that is ahead, sometimes late."""
    days = scene.days
    for stop, following in pairwise(journey.stops):
        if "next_action" in stop.stage.required_fields or chance.happens(0.2):
            stay = stop.days_ago - following.days_ago
            done_at = days.before(following.days_ago + stay * chance.between(0.1, 0.6))
            yield Plan(*_what(scene, chance), days.before(stop.days_ago), done_at, done_at)
    last = journey.stops[-1]
    if last.stage.kind == OPEN and ("next_action" in last.stage.required_fields or chance.happens(0.75)):
        ahead = chance.one([-3, -2, -1, 0, 0, 1, 1, 2, 2, 3, 4, 5, 7, 9, 12])
        at, planned_at = days.on(ahead, int(chance.random() * 18)), days.before(last.days_ago)
        yield Plan(*_what(scene, chance), planned_at, at if at > planned_at else days.on(1, 4))


def _what(scene: Scene, chance: Chance) -> tuple[str, str]:
    kind = chance.one(list(rules.PLAN_KINDS))
    return kind, chance.one(scene.words["plans"][kind])


# ---- what is written -------------------------------------------------------------------------------------------------


def add_deal(scene: Scene, chronicle: Chronicle, journey: Journey, order: Order) -> int:
    """Note a deal with everything that it leaves behind; gives its id."""
    moments = [scene.days.before(stop.days_ago) for stop in journey.stops]
    deal_id = chronicle.number(Deal)
    chronicle.add(Deal, id=deal_id, number=str(deal_id), **_deal_values(scene, journey, order, moments, deal_id))
    told: dict[str, Any] = {
        "card_id": deal_id,
        "title": order.title,
        "pipeline_id": journey.way.id,
        "client_id": order.client.id if order.client else None,
        "by_id": order.owner.id,
        "by_name": order.owner.name,
    }
    first = journey.stops[0].stage.name
    added = DealAdded(**told, stage=first, responsible_id=order.owner.id)
    chronicle.will_happen(moments[0], order.owner, added)
    _note_lines(chronicle, deal_id, order, told, _filled_at(scene, journey))
    _note_plans(chronicle, deal_id, order, told)
    _note_moves(chronicle, deal_id, journey, order, told, moments)
    client_name = order.client.name if order.client else None
    chronicle.make_findable("deal", deal_id, str(deal_id), order.title, client_name)
    scene.deals.append(KnownDeal(deal_id, order.title, order.owner, told["client_id"]))
    return deal_id


def _deal_values(scene: Scene, journey: Journey, order: Order, moments: list[datetime], deal_id: int) -> dict[str, Any]:
    here = journey.here
    return {
        "name": order.title,
        "client_id": order.client.id if order.client else None,
        "pipeline_id": journey.way.id,
        "stage_id": here.id,
        "rank": _rank(moments[-1], deal_id),
        "responsible_id": order.owner.id,
        "amount": rules.items_total(order.lines) if order.lines else None,
        "currency": scene.words["currency"],
        "amount_by_items": bool(order.lines),
        "return_stage_id": None if here.kind == OPEN else journey.stops[-2].stage.id,
        "lost_reason": order.reason if here.kind == LOST else "",
        "payment_method": order.payment_method,
        "delivery": order.delivery,
        "entered_stage_at": moments[-1],
        "created_by_id": order.owner.id,
        "created_at": moments[0],
        "updated_at": moments[-1],
    }


def _rank(entered_at: datetime, deal_id: int) -> str:
    """Whoever came last stands on top, as after a move by hand."""
    return ranks.nth((_LAST_SECOND - int(entered_at.timestamp())) * 1_000_000 + deal_id % 1_000_000)


def _filled_at(scene: Scene, journey: Journey) -> datetime:
    """When the items are there: before the stage that asks for them, else from the start."""
    for before, stop in pairwise(journey.stops):
        if {"amount", "items"} & set(stop.stage.required_fields):
            return scene.days.before((before.days_ago + stop.days_ago) / 2)
    return scene.days.before(journey.born)


def _note_lines(chronicle: Chronicle, deal_id: int, order: Order, told: dict[str, Any], at: datetime) -> None:
    total: int | None = None
    for position, line in enumerate(order.lines, 1):
        chronicle.add(DealItem, deal_id=deal_id, position=position, **vars(line))
        new_total = (total or 0) + rules.line_total(line)
        added = DealItemAdded(**told, item=line.name, changes={"amount": [total, new_total]})
        chronicle.will_happen(at, order.owner, added)
        total = new_total


def _note_plans(chronicle: Chronicle, deal_id: int, order: Order, told: dict[str, Any]) -> None:
    who = order.owner
    for plan in order.plans:
        chronicle.add(
            DealPlan, deal_id=deal_id, kind=plan.kind, what=plan.what, at=plan.at, created_by_id=who.id,
            done_at=plan.done_at,
        )  # fmt: skip
        planned = DealActionPlanned(**told, kind=plan.kind, what=plan.what, at=plan.at.isoformat())
        chronicle.will_happen(plan.planned_at, who, planned)
        if plan.done_at is not None:
            chronicle.will_happen(plan.done_at, who, DealActionDone(**told, kind=plan.kind, what=plan.what))


def _note_moves(
    chronicle: Chronicle, deal_id: int, journey: Journey, order: Order, told: dict[str, Any], moments: list[datetime]
) -> None:
    """The stays of a deal, and a fact for each move with what was filled in on the drop."""
    known: set[str] = set()
    for stop, moment, left_at in zip(journey.stops, moments, [*moments[1:], None], strict=True):
        chronicle.add(StageSpan, deal_id=deal_id, stage_id=stop.stage.id, entered_at=moment, left_at=left_at)
    for before, stop, moment in zip(journey.stops, journey.stops[1:], moments[1:], strict=False):
        asked = [name for name in ("payment_method", "delivery") if name in stop.stage.required_fields]
        changes: dict[str, list[Any]] = {name: ["", getattr(order, name)] for name in asked if name not in known}
        known.update(asked)
        moved = DealMoved(
            **told,
            from_stage_id=before.stage.id or 0,
            to_stage_id=stop.stage.id or 0,
            from_stage=before.stage.name,
            to_stage=stop.stage.name,
            to_kind=stop.stage.kind,
            responsible_id=order.owner.id,
            reason=order.reason if stop.stage.kind in (LOST, HOLD) else "",
            changes=changes or None,
        )
        chronicle.will_happen(moment, order.owner, moved)
