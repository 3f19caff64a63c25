"""What Reflex itself is told; everything of ours is in crm_app/core/settings.py."""

from pathlib import Path

import reflex as rx
from reflex_base.constants import Templates

from crm_app.core.settings import settings

PARSED_ADDRESS = "const endpoint = new URL(url_str);"
PARSED_FROM_HERE = 'const endpoint = new URL(url_str, globalThis.location?.origin ?? "http://localhost");'


class SameOrigin(rx.plugins.Plugin):
    """Lets the page talk to the address it was loaded from.

    Reflex bakes the server's address into the page, which would need a new build for every port and host name.
    """

    def update_env_json(self, **context) -> dict[str, str]:
        """Addresses without a host, for the page's env.json."""
        return {endpoint.name: str(endpoint) for endpoint in rx.constants.Endpoint}

    def get_static_assets(self, **context) -> list[tuple[Path, str]]:
        """Reflex's state.js, taught to read such addresses."""
        code = (Path(Templates.Dirs.WEB_TEMPLATE) / "utils/state.js").read_text(encoding="utf-8")
        if code.count(PARSED_ADDRESS) != 1:
            raise RuntimeError("Reflex's state.js has changed: look at its getBackendURL and at rxconfig.py")
        return [(Path("utils/state.js"), code.replace(PARSED_ADDRESS, PARSED_FROM_HERE))]


config = rx.Config(
    app_name="crm_app",
    plugins=[rx.plugins.TailwindV4Plugin(), SameOrigin()],
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
