"""What Reflex itself is told; everything of ours is in crm_app/core/settings.py."""

import os

import reflex as rx

ORIGIN = os.environ.get("CRM_ORIGIN", "http://localhost:8000")

config = rx.Config(
    app_name="crm_app",
    plugins=[rx.plugins.TailwindV4Plugin()],
    disable_plugins=[rx.plugins.SitemapPlugin],
    telemetry_enabled=False,
    show_built_with_reflex=False,
    cors_allowed_origins=[ORIGIN],
    api_url=ORIGIN,
    state_manager_mode="redis" if os.environ.get("CRM_REDIS_URL") else "memory",
    redis_url=os.environ.get("CRM_REDIS_URL"),
    trusted_proxy_hops=int(os.environ.get("CRM_PROXY_HOPS", "0")),
)
