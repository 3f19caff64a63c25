"""Pages as plain HTML, for people without a log-in: they work before anything of the application is loaded.

They have no script, so the system's own wish decides between light and dark.
"""

from __future__ import annotations

import re
from functools import cache
from html import escape
from pathlib import Path

_ASSETS = Path(__file__).resolve().parents[2] / "assets"
_SHEETS = "".join(
    f'<link rel="stylesheet" href="/style/{name}.css">'
    for name in ("tokens", "base", "controls", "overlays", "frame", "parts")
)
_BOXES = "*, ::before, ::after { box-sizing: border-box }"  # the application has it from Tailwind
_DARK = re.compile(r"^ *\.dark \{([^}]*)\}", re.MULTILINE)


def plain_page(locale: str, title: str, content: str) -> str:
    """A whole page around its content. title, content: HTML, everything that people wrote escaped in it."""
    return (
        f'<!DOCTYPE html><html lang="{escape(locale)}"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">{_SHEETS}'
        f"<style>{_BOXES} {_dark_tokens()}</style>"
        f'</head><body><div class="bare-frame"><main class="bare bare-narrow">'
        f'<div class="panel bare-panel">{content}</div></main></div></body></html>'
    )


@cache
def _dark_tokens() -> str:
    """The dark colours of tokens.css for whoever wishes for them; there a class turns them on, which takes a script."""
    tokens = _DARK.findall((_ASSETS / "style" / "tokens.css").read_text(encoding="utf-8"))
    return f"@media screen and (prefers-color-scheme: dark) {{ :root {{{tokens[0]}}} }}"
