"""What the parts alone can do, without an application around them. `python -m bench.limits`

Each line: name value unit, and in the place of a budget what was measured where the budgets were set. Those parts were
measured by other programs on another machine: the figures tell how far the application is from its limits here, and
only roughly how fast the two machines are.
"""

from __future__ import annotations

import json
import random
import smtplib
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import python_calamine

from bench import crowd
from bench.company import CITIES, WORDS
from bench.measure import calibrate, figure
from bench.sheets import stretched
from crm_app.core.sheets import write_xlsx
from tests import servers
from tests.integrations.channels.email.servers import load_target

ROWS, CARDS, LETTERS, PEOPLE, SECONDS = 10_000, 100_000, 1_000, 50, 5.0
PAGE = [{"id": n, "name": f"ООО «Вектор {n}»", "city": "Тула", "phones": ["+79151234567"]} for n in range(50)]


def limit(name: str, value: float, unit: str, there: float) -> None:
    """One line. there: where the budgets were set."""
    figure(f"limit_{name}", value, unit, f"({there:g})")


def rate(count: int, work: Callable[[], object]) -> float:
    """How many a second, the best of three: a part's limit, not its average."""
    return count / min(_seconds(work) for _ in range(3))


def milliseconds(times: int, work: Callable[[], object]) -> float:
    """The median of one."""
    return median(_seconds(work) for _ in range(times)) * 1000


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def spreadsheets(folder: Path) -> None:
    """A parser without a judgement on what it reads, and a table without indexes."""
    path = folder / "rows.xlsx"
    write_xlsx(path, *stretched(ROWS))

    def parse() -> list[list[Any]]:
        rows: list[list[Any]] = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
        return rows

    limit("parse", rate(ROWS, parse), "rows/s", 72_900)
    rows = [[str(cell) for cell in row] for row in parse()]
    with _database(folder / "rows.db") as database:
        database.execute(f"CREATE TABLE row ({', '.join(f'c{n}' for n in range(len(rows[0])))})")

        def insert() -> None:
            database.execute("BEGIN")
            places = ", ".join("?" * len(rows[0]))
            database.executemany(f"INSERT INTO row VALUES ({places})", rows)
            database.execute("COMMIT")

        limit("insert", rate(len(rows), insert), "rows/s", 162_000)


def databases(folder: Path) -> None:
    """A search in an index of trigrams, and a commit of one small change."""
    with _database(folder / "cards.db") as database:
        database.execute("CREATE VIRTUAL TABLE card USING fts5(body, tokenize='trigram')")
        bodies = ((f"ооо {random.choice(WORDS)} {n} {random.choice(CITIES)}".casefold(),) for n in range(CARDS))
        database.execute("BEGIN")
        database.executemany("INSERT INTO card (body) VALUES (?)", bodies)
        database.execute("INSERT INTO card (card) VALUES ('optimize')")
        database.execute("COMMIT")

        def search() -> None:
            word = random.choice(WORDS).casefold()
            database.execute("SELECT rowid FROM card WHERE card MATCH ? ORDER BY rowid LIMIT 24", (word,)).fetchall()

        limit("trigram", milliseconds(300, search), "ms", 0.11)
        database.execute("CREATE TABLE deal (id INTEGER PRIMARY KEY, stage INTEGER)")
        database.execute("INSERT INTO deal VALUES (1, 1)")
        limit("commit", milliseconds(300, lambda: database.execute("UPDATE deal SET stage = stage + 1")), "ms", 0.08)


@contextmanager
def _database(path: Path) -> Iterator[sqlite3.Connection]:
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=NORMAL")
    yield database
    database.close()


def requests() -> None:
    """A list of fifty as JSON over HTTP, from nothing but a server: asked by one, and by fifty at once."""
    port = servers.free_port()
    server = subprocess.Popen([sys.executable, "-m", "bench.limits", "serve", str(port)])
    try:
        servers.wait_for_port(port)
        connection = HTTPConnection("127.0.0.1", port)

        def ask() -> None:
            connection.request("GET", "/")
            json.loads(connection.getresponse().read())

        limit("http", milliseconds(300, ask), "ms", 2.2)
        took = crowd.read_for(SECONDS, f"http://127.0.0.1:{port}", [""], PEOPLE, lambda: "/")
        limit("requests", len(took) / SECONDS, "requests/s", 911)
    finally:
        server.terminate()
        server.wait(10)


def serve(port: int) -> None:
    """The server of nothing but a list."""
    import uvicorn
    from starlette.applications import Starlette
    from starlette.responses import JSONResponse
    from starlette.routing import Route

    application = Starlette(routes=[Route("/", lambda _: JSONResponse(PAGE))])
    uvicorn.run(application, port=port, log_level="error")


def letters() -> None:
    """Letters that are ready, and letters that are made one by one, over one connection to a sink."""
    ready = _letter().as_bytes()
    with load_target() as port, smtplib.SMTP("127.0.0.1", port) as smtp:
        sent = rate(LETTERS, lambda: [smtp.sendmail("a@demo.example", "b@demo.example", ready) for _ in range(LETTERS)])
        limit("letters_ready", sent, "letters/s", 6_215)
        made = rate(LETTERS, lambda: [smtp.send_message(_letter()) for _ in range(LETTERS)])
        limit("letters_made", made, "letters/s", 560)


def _letter() -> EmailMessage:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "a@demo.example", "b@demo.example", "Станки со скидкой"
    letter.set_content("Здравствуйте!\n" * 20)
    letter.add_alternative("<p>Здравствуйте!</p>" * 20, subtype="html")
    return letter


def main() -> None:
    random.seed(1)
    figure("calibration_before", calibrate(), "ms")
    with TemporaryDirectory(prefix="kartoteka-bench-") as name:
        spreadsheets(Path(name))
        databases(Path(name))
    requests()
    letters()
    figure("calibration_after", calibrate(), "ms")


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        serve(int(sys.argv[2]))
    else:
        main()
