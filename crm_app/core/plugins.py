"""Plug-ins are folders: a package with a `PLUGIN` is one, and nothing else is edited to add it."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any


def discover(package: str) -> dict[str, Any]:
    """Every PLUGIN of the packages directly inside `package`, by its `key`, in the order of the folders' names.

    A package without a PLUGIN is passed over. A plug-in that can't be imported stops the start: better no door than
    one that is silently missing.
    """
    parent = importlib.import_module(package)
    found: dict[str, Any] = {}
    for name in sorted(module.name for module in pkgutil.iter_modules(parent.__path__)):
        plugin = getattr(importlib.import_module(f"{package}.{name}"), "PLUGIN", None)
        if plugin is None:
            continue
        assert plugin.key not in found, f"two plug-ins of {package} are called {plugin.key!r}"
        found[plugin.key] = plugin
    return found
