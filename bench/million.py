"""A million clients over HTTP, on SQLite and on PostgreSQL. `python -m bench.million [CLIENTS]`

What lists are asked: pages, orders, filters, words, exact counts. Each line: name value unit budget.
Filling takes minutes. The page must be built: `make setup`.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

from bench.api import Program, filtered_list
from bench.company import CITIES, WORDS, fill
from bench.measure import calibrate, figure, timed
from tests import servers
from tests.application import running

TIMES = 200
WARM_UPS = 100
MEDIAN = "<=25"


def conditions(*clauses: dict[str, Any]) -> str:
    """A filter as it stands in an address."""
    return quote(json.dumps({"all": list(clauses)}))


def in_city() -> str:
    return conditions({"field": "city", "op": "eq", "value": random.choice(CITIES)})


def deep(program: Program, sort: str) -> str:
    """A page far behind the first: where its cursor stands is found by walking there."""
    cursor = ""
    for _ in range(20):
        cursor = program.get(f"/clients?limit=100&sort={sort}{cursor and f'&after={quote(cursor)}'}")["next"]
    return f"/clients?limit=50&sort={sort}&after={quote(cursor)}"


def measure(name: str, program: Program, clients: int) -> None:
    """The questions that a list is asked."""
    far, far_by_revenue = deep(program, "name"), deep(program, "-revenue")
    questions: dict[str, Callable[[], str]] = {
        "list": lambda: f"/clients?limit=50&sort={random.choice(('name', '-name', 'created_at', '-updated_at'))}",
        "list_far_behind": lambda: far,
        "list_by_revenue": lambda: f"/clients?limit=50&sort={random.choice(('revenue', '-revenue'))}",
        "list_by_revenue_far_behind": lambda: far_by_revenue,
        "list_filtered": filtered_list,
        "list_of_a_city": lambda: f"/clients?limit=50&filter={in_city()}",
        "list_by_a_number": lambda: f"/clients?limit=50&q={random.randint(clients // 10, clients)}",
        "search_name": lambda: f"/search?q={quote(random.choice(WORDS))}",
        "search_phone": lambda: f"/search?q=7900{random.randint(1, clients):07}",
    }
    exact_counts: dict[str, Callable[[], str]] = {
        "count_of_a_city": lambda: f"/clients?limit=1&count=true&filter={in_city()}",
        "count_filtered": lambda: f"{filtered_list()}&count=true",
    }
    for question, path in questions.items():
        for _ in range(WARM_UPS if question == "list" else 3):  # the pages of the file come into memory
            program.get(path())
        timed(f"million_{name}_{question}", TIMES, partial(ask, program, path), MEDIAN, "-")
    for question, path in exact_counts.items():  # shelves and bars count up to ten thousand and say "more"
        timed(f"million_{name}_{question}", TIMES, partial(ask, program, path), "-", "-")


def ask(program: Program, path: Callable[[], str]) -> None:
    program.get(path())


def main(clients: int) -> None:
    random.seed(1)
    for name, url in (("sqlite", ""), ("postgresql", servers.postgres_url())):
        with TemporaryDirectory(prefix="kartoteka-bench-") as made:
            folder = Path(made)
            keys = fill(folder / "data", clients, 0, url)
            chosen = {"CRM_DATABASE_URL": url} if url else {}
            with running(folder, CRM_WORKER="off", **chosen) as application:
                figure(f"million_{name}_calibration", calibrate(), "ms")
                measure(name, Program(application.address, keys[0]), clients)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
