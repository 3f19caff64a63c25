"""Leads come: somebody asks, somebody gets in touch in time or late, and a few stages later it is clear what it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from crm_app.cards.models import CardEmail, CardPhone
from crm_app.core import ranks
from crm_app.core.folding import fold
from crm_app.demo import requisites
from crm_app.demo.chronicle import Birth, Chronicle
from crm_app.demo.marks import mark
from crm_app.demo.people import person_name
from crm_app.demo.scene import Person, Scene, Way
from crm_app.demo.words import Chance
from crm_app.leads.events import LeadAdded, LeadMoved, LeadTouched
from crm_app.leads.models import Lead
from crm_app.leads.rules import CHANNELS, SOURCES, match_name
from crm_app.pipelines.models import Stage
from crm_app.pipelines.rules import LOST, OPEN

DAYS = 60.0
LIMIT_MINUTES = 60
_SERIALS = 8_000_000
"""Numbers of leads begin here, so that nobody has a client's or a contact's telephone number."""
_CAMPAIGNS = ["", "", "autumn", "trade-fair", "pumps"]


def leads(scene: Scene) -> Iterator[Birth]:
    """Leads of the last two months, one for each three deals."""
    chance, way = scene.chance("leads"), scene.lead_way
    count = scene.recipe.deals // 3 if way is not None else 0
    for n in range(count):
        at = scene.days.before(DAYS * (1 - (n + chance.random()) / count) + 0.01)
        yield Birth(at, partial(_come, scene, chance, way, n, at))


def _come(scene: Scene, chance: Chance, way: Way, serial: int, at: datetime, chronicle: Chronicle) -> None:
    owner = chance.one([*scene.cast.sellers, *scene.cast.fitters])
    name = person_name(scene, chance).full
    words = scene.words
    firm = chance.one(words["roots"]) + chance.one(words["tails"]) if chance.happens(0.6) else ""
    age = scene.days.days_since(at)
    there = _reached(way, chance, age)
    touched_at = _touched(scene, chance, at, for_sure=there is not way.steps[0])
    values = _values(scene, chance, name, firm)
    lead_id = chronicle.add(
        Lead, **values, sort_name=fold(values["name"]), match_name=match_name(name), responsible_id=owner.id,
        pipeline_id=way.id, stage_id=there.id, rank=_rank(scene), entered_stage_at=touched_at or at,
        return_stage_id=way.steps[0].id if there.kind != OPEN else None,
        disqualified_reason=chance.one(scene.words["disqualified"]) if there.kind == LOST else "",
        touch_minutes=LIMIT_MINUTES, touch_due_at=at + timedelta(minutes=LIMIT_MINUTES), touched_at=touched_at,
        via="demo", created_by_id=owner.id, created_at=at, updated_at=touched_at or at,
    )  # fmt: skip
    _reach(scene, chronicle, lead_id, serial, values)
    chronicle.will_happen(at, owner, LeadAdded(card_id=lead_id, name=values["name"], responsible_id=owner.id))
    if touched_at is not None:
        _answer(chronicle, lead_id, values["name"], owner, at, touched_at, way.steps[0], there)
    mark(scene, chronicle, chance, "lead", lead_id, owner, at)


def _touched(scene: Scene, chance: Chance, at: datetime, *, for_sure: bool) -> datetime | None:
    """When somebody got in touch: mostly in time, never tomorrow."""
    touched_at = at + timedelta(minutes=chance.between(5, 110))
    is_past = scene.days.days_since(touched_at) > 0
    return touched_at if is_past and (for_sure or chance.happens(0.6)) else None


def _values(scene: Scene, chance: Chance, person: str, firm: str) -> dict[str, Any]:
    return {
        "name": firm or person, "person": person, "organisation": firm, "city": chance.one(scene.words["cities"])[0],
        "position": chance.one(scene.words["positions"]) if firm else "", "source": chance.one(list(SOURCES)),
        "channel": chance.one(list(CHANNELS)), "utm_campaign": chance.one(_CAMPAIGNS),
        "interest": chance.one(scene.words["enquiries"]),
    }  # fmt: skip


def _reached(way: Way, chance: Chance, age: float) -> Stage:
    """How far a lead has come: new ones are new, old ones mostly decided."""
    fate = chance.random()
    if age < 1:
        return way.steps[0]
    if way.lost is not None and fate < 0.3:
        return way.lost
    if way.won is not None and fate < 0.5:
        return way.won
    return way.steps[min(int(chance.random() * 3 * (0.4 + age / DAYS)), len(way.steps) - 1)]


def _rank(scene: Scene) -> str:
    """On top of its column, as a new lead is."""
    scene.lead_rank = ranks.between(None, scene.lead_rank)
    return scene.lead_rank


def _reach(scene: Scene, chronicle: Chronicle, lead_id: int, serial: int, values: dict[str, Any]) -> None:
    """Phone, address and text of a lead."""
    number = _SERIALS + scene.first + serial
    phones = [requisites.mobile(number)] if scene.recipe.locale == "ru" else []
    emails = [f"lead.{number}@example.com"]
    for phone in phones:
        chronicle.add(CardPhone, card="lead", card_id=lead_id, number=phone)
    for address in emails:
        chronicle.add(CardEmail, card="lead", card_id=lead_id, address=address)
    texts = (values[name] for name in ("name", "person", "organisation", "city", "interest"))
    chronicle.make_findable("lead", lead_id, *texts, *phones, *emails)


def _answer(
    chronicle: Chronicle, lead_id: int, name: str, who: Person, at: datetime, touched_at: datetime, here: Stage,
    there: Stage,
) -> None:  # fmt: skip
    in_time = touched_at <= at + timedelta(minutes=LIMIT_MINUTES)
    chronicle.will_happen(touched_at, who, LeadTouched(card_id=lead_id, in_time=in_time))
    if there is not here:
        moved = LeadMoved(
            card_id=lead_id, title=name, from_stage_id=here.id or 0, to_stage_id=there.id or 0, from_stage=here.name,
            to_stage=there.name, to_kind=there.kind, responsible_id=who.id,
        )  # fmt: skip
        chronicle.will_happen(touched_at, who, moved)
