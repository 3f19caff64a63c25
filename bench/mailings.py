"""A mailing from the frozen audience to the last note in the journal. `python -m bench.mailings [LETTERS]`

Letters go to a local sink; each outcome is committed before the next letter leaves. Each line: name value unit budget.
The memory is that of this process while it sends, with all that a worker has in it, and what only the benchmark needs.
CRM_DATABASE_URL measures another database than a fresh SQLite.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
from pathlib import Path
from time import perf_counter, process_time

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from sqlmodel import SQLModel

from bench.mail import PARAGRAPH
from bench.measure import calibrate, figure, forget_peak, peak
from crm_app import features
from crm_app.access.queries import list_departments
from crm_app.cards.models import CardEmail
from crm_app.clients.models import Client
from crm_app.core import clock, db, jobs, memory, search
from crm_app.core.actor import SYSTEM, Actor
from crm_app.core.door import perform
from crm_app.core.settings import forget_settings
from crm_app.mailings.actions.drafts import change_mailing, create_mailing
from crm_app.mailings.actions.running import start_mailing
from crm_app.mailings.actions.senders import add_sender
from crm_app.mailings.queries.lists import see_mailing
from tests import people
from tests.integrations.channels.email.servers import load_target

BODY = "<h1>Здравствуйте, {{first_name|друг}}!</h1>" + PARAGRAPH * 8


def fill(owner: Actor, count: int) -> None:
    """So many clients with an address each."""
    now = clock.now()
    for start in range(0, count, 2_000):
        with db.database().session(writes=True) as session:
            clients = [
                Client(
                    kind="person", name=f"Иванова Анна {n}", sort_name=f"{n:07}", employer=f"ООО «Ромашка {n}»",
                    responsible_id=owner.id, created_at=now, updated_at=now,
                )
                for n in range(start, min(start + 2_000, count))
            ]  # fmt: skip
            session.add_all(clients)
            session.flush()
            session.add_all(
                CardEmail(card="client", card_id=c.id, address=f"person{c.id}@demo.example") for c in clients
            )
            session.commit()


def send(marketer: Actor, sender_id: int | None, count: int) -> tuple[float, float, float]:
    """Seconds to freeze the audience; letters a second from the first job to the end; letters a processor second.

    The last says what the machine would do if nobody else used it.
    """
    made = perform(marketer, create_mailing, name="Bench", filter_={})
    mailing_id = made.id
    perform(
        marketer, change_mailing, mailing_id=mailing_id, sender_id=sender_id,
        title="{{first_name|Друзья}}, станки со скидкой", body=BODY,
    )  # fmt: skip
    began = perf_counter()
    perform(marketer, start_mailing, mailing_id=mailing_id)
    frozen = perf_counter() - began
    began, worked = perf_counter(), process_time()
    while perform(marketer, see_mailing, mailing_id=mailing_id).state == "sending":
        for run in jobs.claim(db.database(), "bench", 1):
            jobs.execute(db.database(), run)
    seconds, work = perf_counter() - began, process_time() - worked
    view = perform(marketer, see_mailing, mailing_id=mailing_id)
    assert (view.state, view.sent) == ("finished", count), view
    return frozen, count / seconds, count / work


def clicks(stop: threading.Event, times: list[float]) -> None:
    """What somebody else's click costs meanwhile."""
    while not stop.wait(0.05):
        began = perf_counter()
        perform(SYSTEM, list_departments)
        times.append((perf_counter() - began) * 1000)


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder, load_target() as port:
        os.environ |= {"CRM_DATA": folder, "CRM_SMTP_URL": f"smtp://127.0.0.1:{port}?letters=1000"}
        memory.share()
        forget_settings()
        features.load()
        with db.database().writer.begin() as connection:
            SQLModel.metadata.create_all(connection)
            search.create(connection)
        people.settle()
        adam, mary = people.actor("adam"), people.actor("mary")
        fill(adam, count)
        sender = perform(adam, add_sender, address="news@demo.example", name="Завод")
        measure(mary, sender.id, count, Path(folder))


def measure(mary: Actor, sender_id: int | None, count: int, folder: Path) -> None:
    figure("mailings.calibration_before", calibrate(), "ms")
    memory.settle()  # as a worker does
    forget_peak()
    before = peak()
    stop, times = threading.Event(), []
    threading.Thread(target=clicks, args=(stop, times), daemon=True).start()
    frozen, speed, work = send(mary, sender_id, count)
    stop.set()
    figure("mailings.frozen", frozen * 1000, "ms")
    figure("mailings.sent", speed, "letters/s", ">=1200")
    figure("mailings.sent_per_processor_second", work, "letters/s")
    figure("mailings.click_meanwhile_p95", sorted(times)[int(len(times) * 0.95)] if times else 0, "ms", "<=100")
    _sign(folder)
    _, speed, work = send(mary, sender_id, count)
    figure("mailings.sent_signed", speed, "letters/s", ">=400")
    figure("mailings.sent_signed_per_processor_second", work, "letters/s")
    figure("mailings.calibration_after", calibrate(), "ms")
    figure("mailings.memory_peak", peak(), "MB", "<=150")
    figure("mailings.memory_of_the_letters", peak() - before, "MB", "<=20")


def _sign(folder: Path) -> None:
    """Have the letters signed from here on."""
    key = rsa.generate_private_key(65537, 2048)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "dkim.pem").write_bytes(pem)
    os.environ |= {"CRM_DKIM_DOMAIN": "demo.example", "CRM_DKIM_KEY_FILE": str(folder / "dkim.pem")}
    forget_settings()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
