"""Every setting of an installation: the environment first, then a `.env` file, then the default."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ENV_FILE = Path(".env")
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
SECRET_NAMES = frozenset({"CRM_DATABASE_URL", "CRM_REDIS_URL", "CRM_SMTP_URL", "CRM_DEMO_PASSWORD"})


class BadSetting(Exception):
    """A setting that cannot be understood; the message names it and says what is expected."""


@dataclass(frozen=True)
class Settings:
    """What the person who installs may decide. sources: where the value of each name came from; given: those told."""

    host: str
    port: int
    origin: str
    data: Path
    database_url: str
    redis_url: str
    secret_file: Path
    worker: str
    workers: int
    smtp_url: str
    dkim_domain: str
    dkim_selector: str
    dkim_key_file: Path | None
    proxy_hops: int
    api_limit: int
    log: str
    locale: str
    timezone: ZoneInfo
    demo_password: str
    sources: Mapping[str, str] = field(default_factory=dict, compare=False)
    given: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    @property
    def origins(self) -> tuple[str, ...]:
        """Addresses a browser may come from: the configured one and, on loopback, its other spellings."""
        address = urlsplit(self.origin)
        host = address.netloc.rpartition(":")[0] if address.port else address.netloc
        if host not in LOOPBACK_NAMES:
            return (self.origin,)
        port = f":{address.port}" if address.port else ""
        others = tuple(f"{address.scheme}://{name}{port}" for name in LOOPBACK_NAMES if name != host)
        return (self.origin, *others)

    @property
    def listens_on_loopback_only(self) -> bool:
        """Whether nobody but this machine can reach the server."""
        return self.host in ("localhost", "127.0.0.1", "::1")


class _Reader:
    """Looks names up in order of precedence and remembers where each was found."""

    def __init__(self, environment: Mapping[str, str], env_file: Path) -> None:
        self._places = (("environment", environment), (str(env_file), read_env_file(env_file)))
        self.sources: dict[str, str] = {}
        self.given: dict[str, str] = {}

    def text(self, name: str, default: str) -> str:
        """The value of a name; an empty one counts as not set."""
        for place, values in self._places:
            if values.get(name):
                self.sources[name] = place
                self.given[name] = values[name]
                return values[name]
        self.sources[name] = "default"
        return default

    def number(self, name: str, default: int, lowest: int) -> int:
        """A whole number that is not under `lowest`."""
        value = self.text(name, str(default))
        if not value.isascii() or not value.isdigit() or int(value) < lowest:
            raise BadSetting(f"{name} must be a whole number, {lowest} or more, not {value!r}")
        return int(value)

    def choice(self, name: str, *allowed: str) -> str:
        """One of the allowed words; the first is the default."""
        value = self.text(name, allowed[0])
        if value not in allowed:
            raise BadSetting(f"{name} must be one of {', '.join(allowed)}, not {value!r}")
        return value

    def origin(self, name: str, default: str) -> str:
        """A web address without a path."""
        value = self.text(name, default).rstrip("/")
        address = urlsplit(value)
        if address.scheme not in ("http", "https") or not address.netloc or address.path:
            raise BadSetting(f"{name} must look like https://crm.example.com, not {value!r}")
        return value

    def timezone(self, name: str, default: str) -> ZoneInfo:
        """A place of the IANA list."""
        value = self.text(name, default)
        try:
            return ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError):
            raise BadSetting(f"{name} must be a time zone such as Europe/Moscow, not {value!r}") from None


def read_env_file(path: Path) -> dict[str, str]:
    """Lines `NAME=value`, optionally quoted or started with `export`; `#` starts a comment line."""
    if not path.is_file():
        return {}
    values = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        if not equals or name.startswith("#"):
            continue
        value = value.strip()
        if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
            value = value[1:-1]
        values[name.strip()] = value
    return values


def read_settings(environment: Mapping[str, str], env_file: Path = ENV_FILE) -> Settings:
    """Settings as one immutable value. Raises BadSetting."""
    reader = _Reader(environment, env_file)
    port = reader.number("CRM_PORT", 8000, lowest=1)
    data = Path(reader.text("CRM_DATA", "var"))
    return Settings(
        host=reader.text("CRM_HOST", "127.0.0.1"),
        port=port,
        origin=reader.origin("CRM_ORIGIN", f"http://localhost:{port}"),
        data=data,
        database_url=reader.text("CRM_DATABASE_URL", f"sqlite:///{data / 'crm.db'}"),
        redis_url=reader.text("CRM_REDIS_URL", ""),
        secret_file=Path(reader.text("CRM_SECRET_FILE", str(data / "secret"))),
        worker=reader.choice("CRM_WORKER", "inside", "off"),
        workers=reader.number("CRM_WORKERS", 1, lowest=1),
        smtp_url=reader.text("CRM_SMTP_URL", ""),
        dkim_domain=reader.text("CRM_DKIM_DOMAIN", ""),
        dkim_selector=reader.text("CRM_DKIM_SELECTOR", "crm"),
        dkim_key_file=Path(key_file) if (key_file := reader.text("CRM_DKIM_KEY_FILE", "")) else None,
        proxy_hops=reader.number("CRM_PROXY_HOPS", 0, lowest=0),
        api_limit=reader.number("CRM_API_LIMIT", 60_000, lowest=1),
        log=reader.choice("CRM_LOG", "text", "json"),
        locale=reader.choice("CRM_LOCALE", "ru", "en"),
        timezone=reader.timezone("CRM_TIMEZONE", "Europe/Moscow"),
        demo_password=reader.text("CRM_DEMO_PASSWORD", ""),
        sources=reader.sources,
        given=reader.given,
    )


@cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return read_settings(os.environ)


def forget_settings() -> None:
    """Read them anew at the next use: for a test that changes the environment."""
    settings.cache_clear()
