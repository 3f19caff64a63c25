"""How a letter looks: the marketer's HTML with our style sheet inlined, sanitised, inside one plain frame."""

from __future__ import annotations

from html import escape
from pathlib import Path

import css_inline

from crm_app.core.html import clean_letter, to_text
from crm_app.messages.channel import Text
from crm_app.messages.merge import UNSUBSCRIBE

UNSUBSCRIBE_FIELD = f"{{{{{UNSUBSCRIBE}}}}}"
_FRAME = """<!DOCTYPE html>
<html lang="{locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
</head>
<body style="margin:0;padding:0;background-color:#ffffff">
<div style="max-width:640px;margin:0 auto;padding:24px 16px;color:#1d2430;\
font-family:Arial,Helvetica,sans-serif;font-size:16px;line-height:1.5">
{body}
</div>
</body>
</html>
"""
_inliner = css_inline.CSSInliner(
    extra_css=Path(__file__).with_name("letter.css").read_text(encoding="utf-8"), load_remote_stylesheets=False
)


def body_html(text: Text) -> str:
    """The body as it will be sent: styles on their elements, nothing harmful, and a link to unsubscribe if due."""
    html = text.body
    if text.unsubscribe_label and UNSUBSCRIBE not in html:
        html += f'<p class="unsubscribe"><a href="{UNSUBSCRIBE_FIELD}">{escape(text.unsubscribe_label)}</a></p>'
    return clean_letter(_inliner.inline(html), placeholders=(UNSUBSCRIBE_FIELD,)).strip()


def whole_html(body: str, title: str, locale: str) -> str:
    """A complete document around a body that `body_html` made."""
    return _FRAME.format(locale=escape(locale), title=escape(title), body=body)


def body_text(body: str) -> str:
    """The plain-text part for those who read without HTML."""
    return to_text(body) + "\n"
