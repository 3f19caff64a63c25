"""Pages for people without a log-in are whole, whatever becomes of the stylesheet that they take their colours from."""

from __future__ import annotations

import re

from crm_app.core.plain_page import plain_page


def test_a_plain_page_is_dark_for_whoever_wishes_for_it_and_white_on_paper() -> None:
    html = plain_page("ru", "Заявка", "<h1>Заявка</h1>")
    (dark,) = re.findall(r"@media screen and \(prefers-color-scheme: dark\) \{ :root \{([^}]*)\} \}", html)
    assert {"--surface", "--text", "--line", "--accent", "--bad"} <= set(re.findall(r"--[a-z-]+", dark))
    assert "color-scheme: dark" in dark and html.count("<h1>Заявка</h1>") == 1
