"""The pictures of docs/pictures, taken of the demo company as it is: `python -m tests.pictures [FOLDER]`."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, sync_playwright

from crm_app import features
from crm_app.core.actor import SYSTEM
from crm_app.core.db import Database, use
from crm_app.core.door import perform
from tests.application import Application, environment, running
from tests.browser import SWITCHES, chromium
from tests.demo.places import Places, places

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "pictures"
PASSWORD = "picture this"
LARGEST_BYTES = 300_000
WIDE, PHONE = (1440, 900), (390, 844)
SETTLE_MS = 1_200


@dataclass(frozen=True)
class Picture:
    """One picture: whose screen, where, how large. path: with a name of Places in it."""

    name: str
    login: str
    path: str
    size: tuple[int, int] = WIDE
    theme: str = "light"


PICTURES = (
    Picture("board", "olga", "/deals"),
    Picture("board-dark", "olga", "/deals", theme="dark"),
    Picture("board-phone", "ann", "/deals", PHONE),
    Picture("deal", "ann", "/deals/{deal}"),
    Picture("client", "ann", "/clients/{client}"),
    Picture("clients", "olga", "/clients"),
    Picture("mailing", "mary", "/mailings/{mailing}"),
    Picture("guest", "greg", "/portal/tasks/{task}"),
    Picture("guest-phone", "greg", "/portal", PHONE),
)


def main(folder: Path) -> None:
    """Fill a company, start it, take every picture. Raises RuntimeError for one that is too large."""
    features.load()
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as temporary:
        chosen = {"CRM_LOCALE": "ru", "CRM_DEMO_PASSWORD": PASSWORD, "CRM_DATA": f"{temporary}/data"}
        subprocess.run([sys.executable, "-m", "crm_app", "demo"], env=environment(**chosen), check=True)
        with running(Path(temporary), CRM_LOCALE="ru") as application, sync_playwright() as playwright:
            use(Database(f"sqlite:///{application.data}/crm.db"))
            known: Places = perform(SYSTEM, places)
            browser = playwright.chromium.launch(executable_path=chromium(), args=list(SWITCHES))
            for picture in PICTURES:
                take(browser, application, picture, known, folder)
            browser.close()


def take(browser: Browser, application: Application, picture: Picture, known: Places, folder: Path) -> None:
    """Log in as the person, go to the place, wait until it has settled, and take the picture."""
    width, height = picture.size
    context = browser.new_context(
        base_url=application.address,
        locale="ru-RU",
        timezone_id="Europe/Moscow",
        color_scheme="dark" if picture.theme == "dark" else "light",
        viewport={"width": width, "height": height},
        reduced_motion="reduce",
    )
    page = context.new_page()
    log_in(page, picture.login)
    page.goto(picture.path.format(**vars(known)))
    page.wait_for_load_state("networkidle")
    page.locator("main").wait_for()
    page.wait_for_timeout(SETTLE_MS)
    target = folder / f"{picture.name}.png"
    page.screenshot(path=target)
    context.close()
    size = target.stat().st_size
    print(f"{target.name} {size} bytes", flush=True)
    if size > LARGEST_BYTES:
        raise RuntimeError(f"{target.name} is larger than {LARGEST_BYTES} bytes")


def log_in(page: Page, login: str) -> None:
    """As a person does: by the form."""
    page.goto("/login")
    page.locator("input[name=email]").fill(f"{login}@demo.example")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("button[type=submit]").click()
    page.wait_for_url(lambda address: "/login" not in address)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
