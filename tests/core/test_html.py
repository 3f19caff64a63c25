"""Foreign HTML is made harmless; HTML is made readable as text."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_app.core.html import clean_html, clean_letter, to_text

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<iframe src='//evil.example'></iframe>",
    "<object data='//evil.example'></object><embed src='//evil.example'>",
    "<form action='//evil.example'><input name=password></form>",
    "<div style='background:url(//evil.example/x)'>x</div>",
    "<div style='position:fixed;top:0;behavior:url(x)'>x</div>",
    "<style>@import '//evil.example';</style>",
    "<link rel=stylesheet href='//evil.example'>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<base href='//evil.example'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<p onclick=alert(1) style='color:expression(alert(1))'>x</p>",
    "<!--<img src=x onerror=alert(1)>-->",
    "<<script>script>alert(1)<</script>/script>",
]
FORBIDDEN_TAGS = {
    "base",
    "embed",
    "form",
    "iframe",
    "input",
    "link",
    "math",
    "meta",
    "object",
    "script",
    "style",
    "svg",
}


class Danger(HTMLParser):
    """Collects what a browser could run or load of its own accord."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag in FORBIDDEN_TAGS:
            self.found.append(tag)
        for name, value in attrs:
            value = "".join((value or "").lower().split())
            if name.startswith("on") or value.startswith(("javascript:", "data:", "vbscript:")):
                self.found.append(f"{tag} {name}={value}")
            if name == "style" and any(word in value for word in ("url(", "expression", "position", "behavior")):
                self.found.append(f"{tag} {name}={value}")


def danger_in(html: str) -> list[str]:
    reader = Danger()
    reader.feed(html)
    reader.close()
    return reader.found


@pytest.mark.parametrize("clean", [clean_html, clean_letter])
@pytest.mark.parametrize("html", HOSTILE)
def test_nothing_that_runs_survives(clean, html):
    assert danger_in(clean(f"<p>before</p>{html}<p>after</p>")) == []


@given(st.lists(st.sampled_from([*HOSTILE, "<p>", "</p>", "<b>", "'", '"', ">", "<", "<!--", "-->", "text"])))
def test_no_mixture_of_hostile_pieces_survives(pieces):
    html = "".join(pieces)
    assert danger_in(clean_html(html)) == []
    assert danger_in(clean_letter(html)) == []


def test_the_corpus_is_dangerous_before_cleaning():
    assert len([html for html in HOSTILE if danger_in(html)]) > len(HOSTILE) / 2


def test_a_comment_keeps_structure_and_links_but_no_styles():
    html = clean_html('<p style="color:red"><b>Да</b> <a href="https://a.example">там</a></p><ul><li>раз</li></ul>')
    assert html == (
        '<p><b>Да</b> <a href="https://a.example" rel="noopener noreferrer">там</a></p><ul><li>раз</li></ul>'
    )


def test_a_letter_keeps_tables_pictures_and_harmless_styles():
    html = (
        '<table><tbody><tr><td style="color:red;position:fixed">1</td></tr></tbody></table>'
        '<img src="https://a.example/x.png" alt="x">'
    )
    assert clean_letter(html) == html.replace(";position:fixed", "")


def test_a_style_may_call_colours_only():
    html = '<p style="color: rgb(1, 2, 3); width: calc(1px + 2px); height: \\75rl(x); margin: 0">x</p>'
    assert clean_letter(html) == '<p style="color:rgb(1, 2, 3);margin:0">x</p>'


def test_a_placeholder_may_be_the_whole_address_of_a_link_and_nothing_else():
    html = (
        '<a href="{{out}}">1</a><a href="{{name}}">2</a><a href="https://a.example/{{out}}">3</a>'
        '<img src="{{out}}"><p title="{{out}}">{{name}}</p>'
    )
    assert clean_letter(html, placeholders=("{{out}}",)) == (
        '<a href="{{out}}">1</a><a>2</a><a>3</a><img><p>{{name}}</p>'
    )


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Один</p><p>Два</p>", "Один\n\nДва"),
        ("раз<br>два", "раз\nдва"),
        ("<h1>Тема</h1><ul><li>раз</li></ul>", "Тема\n\n• раз"),
        ("<ul><li>раз</li><li>два<ol><li>а</li><li>б</li></ol></li></ul>", "• раз\n• два\n  1. а\n  2. б"),
        (
            "<p>см. <a href='https://a.example/x?b=1&amp;c=2'>каталог</a>.</p>",
            "см. каталог <https://a.example/x?b=1&c=2>.",
        ),
        ("<a href='https://a.example'>https://a.example</a>", "https://a.example"),
        ("<a href='mailto:ann@a.example'>ann@a.example</a>", "ann@a.example"),
        ("<a href='https://a.example'><img alt='Станок'></a>", "Станок <https://a.example>"),
        ("<a href='https://a.example'><img></a>", "https://a.example"),
        ("<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>", "1 2\n3"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("<p>  много\n\n  пробелов </p>", "много пробелов"),
        ("<style>p{}</style><script>1</script><title>нет</title>видно &lt;b&gt; &amp;", "видно <b> &"),
        ("<div><div>глубоко</div></div><div>рядом</div>", "глубоко\nрядом"),
        ("до<hr>после", "до\n\n--------------------\n\nпосле"),
        ("", ""),
    ],
)
def test_html_reads_as_text(html, text):
    assert to_text(html) == text


@given(st.text())
def test_any_text_can_be_read(html):
    to_text(html)
    to_text(clean_letter(html))
