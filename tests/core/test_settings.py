"""Where a setting comes from, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_app.core.settings import BadSetting, Settings, read_settings


def read(tmp_path: Path, text: str = "", **environment: str) -> Settings:
    """Settings of an environment and of a `.env` file with this text."""
    env_file = tmp_path / ".env"
    env_file.write_text(text, encoding="utf-8")
    return read_settings(environment, env_file)


def test_defaults_are_those_of_the_contract(tmp_path):
    chosen = read(tmp_path)

    assert (chosen.host, chosen.port, chosen.origin) == ("127.0.0.1", 8000, "http://localhost:8000")
    assert (chosen.data, chosen.worker, chosen.workers) == (Path("var"), "inside", 1)
    assert (chosen.locale, str(chosen.timezone), chosen.proxy_hops) == ("ru", "Europe/Moscow", 0)
    assert chosen.database_url == "sqlite:///var/crm.db"
    assert set(chosen.sources.values()) == {"default"}


def test_the_environment_wins_over_the_file_and_the_file_over_the_default(tmp_path):
    chosen = read(tmp_path, "# ports\nCRM_PORT=9000\nexport CRM_LOCALE='en'\nCRM_HOST=", CRM_PORT="9100")

    assert (chosen.port, chosen.sources["CRM_PORT"]) == (9100, "environment")
    assert (chosen.locale, chosen.sources["CRM_LOCALE"]) == ("en", str(tmp_path / ".env"))
    assert (chosen.host, chosen.sources["CRM_HOST"]) == ("127.0.0.1", "default")


def test_the_origin_follows_the_port_and_the_database_the_data_folder(tmp_path):
    chosen = read(tmp_path, CRM_PORT="8080", CRM_DATA="/srv/crm")

    assert chosen.origin == "http://localhost:8080"
    assert chosen.database_url == "sqlite:////srv/crm/crm.db"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CRM_PORT", "eighty"),
        ("CRM_PORT", "0"),
        ("CRM_WORKERS", "-1"),
        ("CRM_WORKERS", "٣"),
        ("CRM_WORKER", "outside"),
        ("CRM_LOCALE", "fr"),
        ("CRM_TIMEZONE", "Moscow"),
        ("CRM_TIMEZONE", "../../etc/passwd"),
        ("CRM_ORIGIN", "crm.example.com"),
        ("CRM_ORIGIN", "https://crm.example.com/path"),
    ],
)
def test_what_cannot_be_understood_is_refused_by_name(tmp_path, name, value):
    with pytest.raises(BadSetting, match=name):
        read(tmp_path, **{name: value})


def test_on_loopback_a_browser_may_use_any_spelling_of_the_address(tmp_path):
    assert read(tmp_path).origins == ("http://localhost:8000", "http://127.0.0.1:8000", "http://[::1]:8000")
    assert read(tmp_path, CRM_ORIGIN="https://crm.example.com").origins == ("https://crm.example.com",)
