"""A running application that a test has for itself, where the cast may be counted and changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crm_app.core import db
from tests import people
from tests.application import Application, running


@contextmanager
def own_company(folder: Path, **chosen: str) -> Iterator[tuple[Application, db.Database]]:
    """An application with the cast in its database, which is the one in use in the block, as another is after it.

    chosen: settings by their names, as of tests/application.py.
    """
    known = db._current
    with running(folder, **chosen) as application:
        own = db.Database(f"sqlite:///{application.data}/crm.db")
        db.use(own)
        try:
            people.settle()
            yield application, own
        finally:
            own.dispose()
            db.use(known)
