"""What Reflex itself is told; everything of ours is in crm_app/core/settings.py."""

from pathlib import Path

import reflex as rx
from reflex_base.constants import Templates

from crm_app.core.settings import settings

CHANGES = {
    "const endpoint = new URL(url_str);":
        'const endpoint = new URL(url_str, globalThis.location?.origin ?? "http://localhost");',
    "  showNewVersionBanner();\n": '  globalThis.dispatchEvent(new Event("crm:new-version"));\n',
}  # fmt: skip
"""Lines of Reflex's state.js and what stands there for us: addresses without a host are read, and it is our own banner,
in the reader's language, that speaks of a new version."""


class OwnState(rx.plugins.Plugin):
    """Lets the page talk to the address it was loaded from, and speak in its own words of a new version.

    Reflex bakes the server's address into the page, which would need a new build for every port and host name.
    """

    def update_env_json(self, **context) -> dict[str, str]:
        """Addresses without a host, for the page's env.json."""
        return {endpoint.name: str(endpoint) for endpoint in rx.constants.Endpoint}

    def get_static_assets(self, **context) -> list[tuple[Path, str]]:
        """Reflex's state.js with our lines in it."""
        code = (Path(Templates.Dirs.WEB_TEMPLATE) / "utils/state.js").read_text(encoding="utf-8")
        for theirs, ours in CHANGES.items():
            if code.count(theirs) != 1:
                raise RuntimeError(f"Reflex's state.js has changed: look for {theirs.strip()!r} and at rxconfig.py")
            code = code.replace(theirs, ours)
        return [(Path("utils/state.js"), code)]


config = rx.Config(
    app_name="crm_app",
    plugins=[rx.plugins.TailwindV4Plugin(), OwnState()],
    disable_plugins=[rx.plugins.SitemapPlugin],
    telemetry_enabled=False,
    show_built_with_reflex=False,
    frontend_compression_formats=["brotli", "gzip"],
    cors_allowed_origins=list(settings().origins),
    api_url=settings().origin,
    state_manager_mode="redis" if settings().redis_url else "memory",
    redis_url=settings().redis_url or None,
    trusted_proxy_hops=settings().proxy_hops,
)
