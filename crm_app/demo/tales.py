"""The clients whose story is told by hand: what was said, what was sold, and one who came in as a guest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from crm_app.access.events import GuestInvited
from crm_app.access.models import Guest, Password
from crm_app.cards.events import SharedWithGuest
from crm_app.cards.models import Share
from crm_app.demo import requisites
from crm_app.demo.chronicle import Birth, Chronicle
from crm_app.demo.firms import add_client, ways_to_reach
from crm_app.demo.journeys import Journey, travel
from crm_app.demo.marks import say, star, tag
from crm_app.demo.people import introduce
from crm_app.demo.sales import Line, Order, Plan, add_deal
from crm_app.demo.scene import KnownClient, Notice, Person, Scene, Way
from crm_app.demo.words import Chance, Words
from crm_app.demo.work import Request, add_task

GUEST_LOGIN = "greg@demo.example"
_BEFORE_DEAL = 12
"""Days that a client is known before the first thing is told of them."""


def tales(scene: Scene) -> Iterator[Birth]:
    """Each tale begins with its client."""
    chance = scene.chance("tales")
    told = [(_begins(scene, story), number, story) for number, story in enumerate(scene.stories)]
    for days_ago, number, story in sorted(told, key=lambda each: (-each[0], each[1])):
        yield Birth(scene.days.before(days_ago), partial(_tell, scene, chance, number, story, days_ago))


def _begins(scene: Scene, story: Words) -> float:
    """Days before today: well before the first word, and before any deal can have begun."""
    return float(max([days for days, *_ in story["said"]], default=0)) + 90 + _BEFORE_DEAL


def _tell(scene: Scene, chance: Chance, number: int, story: Words, days_ago: float, chronicle: Chronicle) -> None:
    deal_story = story.get("deal")
    owner = scene.cast.named(deal_story["owner"] if deal_story else "olga")
    client = _client(scene, chronicle, number, story, owner, days_ago)
    deal_id = _deal(scene, chance, story, client, chronicle) if deal_story else 0
    guest = _guest(scene, story, client, chronicle) if story.get("guest") and scene.has_guest else None
    tag(scene, chronicle, scene.days.before(days_ago - 1), owner, "client", client.id, _tags(scene, story))
    for days, who, card, body in story["said"]:
        card_id = client.id if card == "client" else deal_id
        _say(scene, chronicle, days, scene.cast.named(who), owner, card, card_id, body, _title(story, card))
    for task in story.get("tasks", ()):
        _task(scene, chronicle, task, client, deal_id, guest)
    if number < 4:
        star(chronicle, owner, "client", client.id)


def _client(
    scene: Scene, chronicle: Chronicle, number: int, story: Words, owner: Person, days_ago: float
) -> KnownClient:
    cities = {city[0]: city for city in scene.words["cities"]}
    values: dict[str, Any] = {"kind": "company", **story["client"]}
    city = cities.get(values["city"], scene.words["cities"][0])
    serial = scene.first + scene.recipe.clients + number
    values |= ways_to_reach(scene, Chance(number), city, serial, is_person=values["kind"] == "person")
    if values["kind"] == "company" and scene.recipe.locale == "ru":
        inn = requisites.company_inn(city[2], serial)
        values |= {"inn": inn, "kpp": requisites.kpp(inn), "ogrn": requisites.company_ogrn(city[2], 2012, serial)}
    values["emails"] = [GUEST_LOGIN if story.get("guest") else f"office{serial}@example.com"]
    at = scene.days.before(days_ago)
    values["first_contact"] = at.date()
    client_id = add_client(scene, chronicle, owner, at, values, scene.days.before(days_ago))
    introduce(scene, chronicle, owner, at, client_id, values, serial)
    return KnownClient(client_id, values["name"], owner)


def _deal(scene: Scene, chance: Chance, story: Words, client: KnownClient, chronicle: Chronicle) -> int:
    told = story["deal"]
    way = next((way for way in scene.ways if way.trade == told["pipeline"]), scene.ways[0])
    journey = _journey(way, chance, story)
    vat, currency_unit = scene.words["vat_percent"], 100
    order = Order(
        title=told["name"],
        owner=client.owner,
        client=client,
        lines=tuple(Line(name, 1000 * n, price * currency_unit, 0, vat) for name, n, price in told["items"]),
        payment_method=scene.words["payment_methods"][0] if "payment_method" in journey.required else "",
        delivery=scene.words["deliveries"][1] if "delivery" in journey.required else "",
        reason=told.get("reason", ""),
        plans=tuple(_plans(scene, story, journey)),
    )
    deal_id = add_deal(scene, chronicle, journey, order)
    tag(scene, chronicle, scene.days.before(journey.born), client.owner, "deal", deal_id, _tags(scene, story))
    return deal_id


def _journey(way: Way, chance: Chance, story: Words) -> Journey:
    """To the stage that is told of, begun before the first word about the deal."""
    told = story["deal"]
    stage, last = told["stage"], len(way.steps) - 1
    end = {"won": way.won, "lost": way.lost, "hold": way.hold}.get(stage)
    reached = min(stage if isinstance(stage, int) else told.get("from", last if stage == "won" else 1), last)
    words_since = max([days for days, _, card, _ in story["said"] if card == "deal"], default=0) + 0.5
    days = float(told["days"])
    stay = 0.0 if end else (max(days, words_since) if reached == 0 else days)
    return travel(way, chance, reached, end, days if end else 0, stay).begun_before(min(words_since, 90.0))


def _plans(scene: Scene, story: Words, journey: Journey) -> Iterator[Plan]:
    if "next" in story:
        kind, days, what = story["next"]
        planned_at = scene.days.before(journey.stops[-1].days_ago)
        yield Plan(kind, what, planned_at, max(scene.days.on(days, 6), planned_at + timedelta(hours=3)))


def _guest(scene: Scene, story: Words, client: KnownClient, chronicle: Chronicle) -> Person:
    """The person gets a login; without a password in the recipe they would need an invitation first."""
    days_ago = float(story["said"][0][0])
    at, inviter = scene.days.before(days_ago), client.owner
    guest_id = chronicle.add(
        Guest, card_id=client.id, login=GUEST_LOGIN, name=client.name, locale=scene.recipe.locale,
        invited_by_id=inviter.id, created_at=at,
    )  # fmt: skip
    chronicle.add(Password, account=f"guest:{guest_id}", hash=scene.recipe.password_hash, changed_at=at)
    chronicle.will_happen(at, inviter, GuestInvited(card_id=client.id, guest_id=guest_id, how="password"))
    return Person(guest_id, client.name)


def _task(
    scene: Scene, chronicle: Chronicle, told: Words, client: KnownClient, deal_id: int, guest: Person | None
) -> None:
    owner, days_ago = scene.cast.named(told["owner"]), told["said"][0][0] + 1.0
    request = Request(
        title=told["title"],
        body=told["body"],
        author=client.owner,
        owner=owner,
        at=scene.days.before(days_ago),
        deadline=scene.days.on(told["due"], 12),
        done_at=scene.days.before(told["said"][-1][0] - 0.3) if told.get("done") else None,
        cards=(("client", client.id), ("deal", deal_id)),
    )
    task_id = add_task(scene, chronicle, request)
    if guest is not None:
        chronicle.add(
            Share, guest_id=guest.id, card="task", card_id=task_id, shared_by_id=client.owner.id, shared_at=request.at
        )
        shared = SharedWithGuest(kind="task", card_id=task_id, guest_id=guest.id)
        chronicle.will_happen(request.at, client.owner, shared)
    for days, who, body in told["said"]:
        _say_on_task(scene, chronicle, days, who, guest, owner, task_id, body, told["title"])


def _say_on_task(
    scene: Scene, chronicle: Chronicle, days: float, who: str, guest: Person | None, owner: Person, task_id: int,
    body: str, title: str,
) -> None:  # fmt: skip
    if who != "guest":
        _say(scene, chronicle, days, scene.cast.named(who), owner, "task", task_id, body, title, is_internal=False)
    elif guest is not None:
        at = scene.days.before(days - 0.2)
        say(chronicle, at, guest, "task", task_id, body, kind="guest", is_internal=False)
        scene.notify(_comment_notice(at, guest, owner, "task", task_id, title))


def _say(
    scene: Scene, chronicle: Chronicle, days: float, who: Person, owner: Person, card: str, card_id: int, body: str,
    title: str, *, is_internal: bool = True,
) -> None:  # fmt: skip
    at = scene.days.before(days - 0.3)
    say(chronicle, at, who, card, card_id, body, is_internal=is_internal)
    if who != owner:
        scene.notify(_comment_notice(at, who, owner, card, card_id, title))


def _comment_notice(at: Any, who: Person, to: Person, card: str, card_id: int, title: str) -> Notice:
    return Notice(at, to, "cards.notice.comment", card, card_id, {"who": who.name, "title": title})


def _title(story: Words, card: str) -> str:
    return str(story["client"]["name"] if card == "client" else story["deal"]["name"])


def _tags(scene: Scene, story: Words) -> list[str]:
    return [*([scene.recipe.tag] if scene.recipe.tag else []), *story["tags"]]
