"""A company of any size for benchmarks, written straight into the tables: what is measured comes afterwards."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from crm_app import features
from crm_app.access.actions.employees import add_department, add_employee
from crm_app.access.actions.keys import create_key_for
from crm_app.access.actions.setup import set_up
from crm_app.cards.models import CardEmail, CardPhone
from crm_app.clients.models import Client
from crm_app.core import clock, db, ranks, search
from crm_app.core.actor import SYSTEM
from crm_app.core.bulk import insert_many
from crm_app.core.door import Tx, action, perform
from crm_app.core.folding import fold
from crm_app.core.names import name_key
from crm_app.deals.models import Deal, StageSpan
from crm_app.pipelines.actions.arranging import create_pipeline_from_preset
from crm_app.pipelines.queries import stages_of

WORDS = ("Ромашка", "Вектор", "Станкострой", "Энергомаш", "Технология", "Сибирь", "Металлист", "Прогресс", "Горизонт")
CITIES = ("Тула", "Орёл", "Казань", "Самара", "Пермь", "Тверь", "Омск")
STATUSES = ("potential", "current", "regular", "hopeless")
ADMINISTRATOR = "adam@bench.example"
BATCH = 10_000


def fill(data: Path, clients: int, deals: int, url: str = "") -> list[str]:
    """Make the database of a company, in a folder or at an address; gives its employees' API keys, the administrator's
    first."""
    url = url or f"sqlite:///{data / 'crm.db'}"
    environment = {**os.environ, "CRM_DATA": str(data), "CRM_DATABASE_URL": url}
    subprocess.run([sys.executable, "-m", "crm_app", "migrate"], env=environment, check=True, stdout=subprocess.DEVNULL)
    features.load()
    database = db.Database(url)
    db.use(database)
    perform(SYSTEM, set_up, company="Bench", email=ADMINISTRATOR, name="Адам", password_hash="")
    emails = [ADMINISTRATOR]
    department = perform(SYSTEM, add_department, name="Sales").id
    for name, role in (("ann", "manager"), ("bob", "manager"), ("olga", "head")):
        emails.append(f"{name}@bench.example")
        perform(SYSTEM, add_employee, email=emails[-1], name=name, role=role, department_id=department)
    with without_indexes(database):
        for first in range(1, clients + 1, BATCH):
            perform(SYSTEM, write_clients, first=first, last=min(first + BATCH - 1, clients))
    if deals:
        perform(SYSTEM, write_deals, count=deals, clients=clients)
    keys = [perform(SYSTEM, create_key_for, email=email, name="bench") for email in emails]
    search.put_in_order(database)  # as an import does
    database.study()
    database.dispose()
    db.use(None)
    return keys


@contextmanager
def without_indexes(database: db.Database) -> Iterator[None]:
    """Within the block clients have no indexes: made afterwards, they cost a third."""
    indexes = [index for model in (Client, CardPhone, CardEmail) for index in model.__table__.indexes]
    with database.writer.begin() as connection:
        for index in indexes:
            index.drop(connection)
    yield
    with database.writer.begin() as connection:
        for index in indexes:
            index.create(connection)


@action("bench.fill")
def write_clients(tx: Tx, first: int, last: int) -> None:
    """Clients with these ids: of the three of one department, with a phone, an address and their words in the index."""
    rows = list(_clients(tx, first, last))
    numbered = range(first, last + 1)
    phones = [
        {"card": "client", "card_id": n, "number": f"+7900{n:07}", "position": 0, "extension": ""} for n in numbered
    ]
    emails = [{"card": "client", "card_id": n, "address": f"c{n}@bench.example", "position": 0} for n in numbered]
    for model, written in ((Client, rows), (CardPhone, phones), (CardEmail, emails)):
        insert_many(tx.session.connection(), model.__table__, written)
    texts = [(row["id"], search.body((row["name"], row["city"], f"+7900{row['id']:07}"))) for row in rows]
    search.put_new(tx.session, "client", texts)


def _clients(tx: Tx, first: int, last: int) -> Iterator[dict[str, Any]]:
    blank = Client(kind="company", name="", sort_name="", created_at=tx.now, updated_at=tx.now).model_dump()
    for number in range(first, last + 1):
        name = f"ООО «{random.choice(WORDS)} {random.choice(WORDS)} {number}»"
        yield blank | {
            "id": number, "name": name, "sort_name": fold(name), "match_name": name_key(name),
            "type": "customer", "status": random.choice(STATUSES),
            "city": random.choice(CITIES), "responsible_id": random.randint(2, 4), "revenue": random.randint(1, 10**9),
        }  # fmt: skip


@action("bench.fill")
def write_deals(tx: Tx, count: int, clients: int) -> None:
    """Deals over the open stages of one pipeline."""
    pipeline = tx.do(create_pipeline_from_preset, "basic", locale="ru")
    stages = [stage for stage in stages_of(tx, pipeline.id or 0) if stage.kind == "open"]
    rank = {stage.id: "" for stage in stages}
    rows = []
    for number in range(1, count + 1):
        stage = random.choice(stages)
        rank[stage.id] = ranks.between(rank[stage.id] or None, None)
        rows.append(
            {
                "id": number, "number": str(number), "name": f"{random.choice(WORDS)}: станок {number}",
                "client_id": random.randint(1, clients), "pipeline_id": pipeline.id, "stage_id": stage.id,
                "rank": rank[stage.id], "responsible_id": random.randint(2, 4), "amount": random.randint(1, 10**8),
                "fields": {}, "entered_stage_at": tx.now, "created_at": tx.now, "updated_at": clock.now(),
            }
        )  # fmt: skip
    tx.run(insert(Deal), rows)
    tx.run(insert(StageSpan), [{"deal_id": r["id"], "stage_id": r["stage_id"], "entered_at": tx.now} for r in rows])
    search.put_new(tx.session, "deal", [(row["id"], search.body((row["name"],))) for row in rows])
