"""What can be done with demo data: founded, begun, told page by page. Only the system does it, past the rules of doors
but not past those of the features: what is written is what people could have done.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import func, select

from crm_app.access.models import Employee
from crm_app.cards.actions.filters import sync_presets
from crm_app.cards.actions.link_kinds import sync_link_kinds
from crm_app.cards.actions.notifications import notify
from crm_app.cards.actions.tags import need_tag
from crm_app.clients.models import Client
from crm_app.core import installation
from crm_app.core.door import Tx, action, query
from crm_app.core.jobs import Run
from crm_app.deals.models import Deal
from crm_app.demo import company
from crm_app.demo.chronicle import Chronicle
from crm_app.demo.enquiries import leads
from crm_app.demo.firms import YEAR, clients
from crm_app.demo.front_door import open_front_door
from crm_app.demo.letters import mailings
from crm_app.demo.sales import deals
from crm_app.demo.scene import Cast, Recipe, Scene, Way
from crm_app.demo.tales import tales
from crm_app.demo.words import words_of
from crm_app.demo.work import news, tasks
from crm_app.demo.work_days import WorkDays
from crm_app.leads.models import Lead
from crm_app.pipelines.actions.arranging import create_pipeline_from_preset
from crm_app.pipelines.models import DEAL, LEAD, Pipeline, Stage
from crm_app.pipelines.queries import stages_of
from crm_app.pipelines.rules import HOLD, LOST, WON, in_order

SETTING = "demo"
TRADES = ("goods", "services")
PAGE_ROWS = 20_000


@query("demo.fill")
def is_filled(tx: Tx) -> bool:
    """Whether there are demo data already."""
    return bool(installation.get(tx, SETTING))


@action("demo.fill")
def found_company(tx: Tx, locale: str, password_hash: str, today: date) -> bool:
    """Make the demo company where there is none; gives whether it was made."""
    if tx.scalar(select(func.count()).select_from(Employee)):
        return False
    tx.now = _foundation(today)
    company.found(tx, locale, password_hash)
    tx.do(sync_presets)
    tx.do(sync_link_kinds)
    return True


@action("demo.fill")
def begin(tx: Tx, recipe: Recipe, today: date, is_own_company: bool) -> Chronicle:
    """Set the scene: pipelines and tags, and a note of what was asked for, so that it is not asked for twice.

    is_own_company: whether the company was there before; else it is the demo company.
    """
    first = _note_helping(tx, recipe)
    tx.now = _foundation(today)
    cast = company.own_cast(tx) if is_own_company else company.demo_cast(tx)
    return _open(tx, recipe, first, today, cast, "" if is_own_company or first else company.DOMAIN)


@action("demo.fill")
def tell(tx: Tx, chronicle: Chronicle) -> int:
    """Write the next page of the story; gives how many rows that were, 0 at its end."""
    return chronicle.tell(tx, PAGE_ROWS)


@action("demo.fill")
def fill_with_samples(tx: Tx, run: Run, recipe: Recipe, today: date, administrator_id: int) -> None:
    """For the job of a first start: everything at once, and a word to the newcomer when it is there."""
    if installation.get(tx, SETTING) is None:
        first, now = _note_helping(tx, recipe), tx.now
        cast = company.sample_cast(tx, administrator_id, recipe.locale)
        chronicle = _open(tx, recipe, first, today, cast, company.SAMPLE_DOMAIN)
        while chronicle.tell(tx, PAGE_ROWS):
            run.hold(tx)
        tx.now = now
        counted = {"n": Client, "deals": Deal}
        figures = {name: tx.scalar(select(func.count()).select_from(model)) for name, model in counted.items()}
        notify(tx, administrator_id, "demo.notice.filled", **figures)
        lists = ("clients", "contacts", "leads", "deals", "tasks", "mailings", "pipelines")
        tx.announce(*lists, *(f"board:{id_}" for id_ in _pipeline_ids(tx)))
    run.finish(tx)


def _note_helping(tx: Tx, recipe: Recipe) -> int:
    """Note what is asked for; gives the serial number of the first client, which no earlier helping has used."""
    helpings: list[dict[str, Any]] = installation.get(tx, SETTING) or []
    own = {"clients": recipe.clients, "deals": recipe.deals, "seed": recipe.seed, "locale": recipe.locale}
    installation.put(tx, SETTING, [*helpings, own])
    return sum(helping["clients"] + 100 for helping in helpings)


def _open(tx: Tx, recipe: Recipe, first: int, today: date, cast: Cast, domain: str) -> Chronicle:
    """domain: of the addresses that are the story's own, guests' and senders'; "" where there are none."""
    words = words_of(recipe.locale)
    names = [*words["tags"], *([recipe.tag] if recipe.tag else [])]
    scene = Scene(
        recipe=recipe,
        first=first,
        has_guest=domain == company.DOMAIN,
        sender=f"{company.SENDER}@{domain}" if domain else "",
        days=WorkDays(today, words["hours_from_utc"]),
        cast=cast,
        ways=_ways(tx, recipe.locale),
        lead_way=_lead_way(tx, recipe.locale),
        lead_rank=tx.scalar(select(func.min(Lead.rank))),
        tags={name: need_tag(tx, name).id or 0 for name in names},
    )
    if domain == company.DOMAIN:  # a company of somebody's own opens no door to strangers unasked
        open_front_door(tx, words, cast)
    streams = (tales, clients, leads, deals, tasks, mailings, news)
    return Chronicle([stream(scene) for stream in streams])


def _ways(tx: Tx, locale: str) -> list[Way]:
    """The pipelines that deals take: those that are there, else the two of the firm's trades."""
    if not _pipeline_ids(tx):
        for preset in TRADES:
            create_pipeline_from_preset(tx, preset, locale)
    ids = _pipeline_ids(tx)
    return [_way(pipeline_id, TRADES[n % 2], stages_of(tx, pipeline_id)) for n, pipeline_id in enumerate(ids)]


def _lead_way(tx: Tx, locale: str) -> Way:
    """The pipeline that leads take: the first one that is there, else the preset."""
    ids = _pipeline_ids(tx, LEAD) or [create_pipeline_from_preset(tx, "leads", locale).id or 0]
    return _way(ids[0], "", stages_of(tx, ids[0]))


def _pipeline_ids(tx: Tx, card: str = DEAL) -> list[int]:
    return tx.all(select(Pipeline.id).where(Pipeline.card == card).order_by(Pipeline.position, Pipeline.id))


def _way(pipeline_id: int, trade: str, stages: Sequence[Stage]) -> Way:
    ends = {stage.kind: stage for stage in stages}
    steps: Any = tuple(in_order(stages))
    return Way(pipeline_id, trade, steps, ends.get(WON), ends.get(LOST), ends.get(HOLD))


def _foundation(today: date) -> datetime:
    """The company is a little older than its first client."""
    return datetime.combine(today, time(6), UTC) - timedelta(days=YEAR + 7)
