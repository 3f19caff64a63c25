"""HTML that people wrote: made harmless, and made into plain text."""

from __future__ import annotations

import re
from collections.abc import Collection
from html.parser import HTMLParser

import nh3


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


TEXT_TAGS = _names(
    "a abbr b blockquote br code del div em h1 h2 h3 h4 hr i ins li mark ol p pre s span strong sub sup u ul"
)
LETTER_TAGS = TEXT_TAGS | _names(
    "address big caption center col colgroup figcaption figure font h5 h6 img small table tbody td tfoot th thead tr"
)
LETTER_ATTRIBUTES = {
    "*": {"align", "dir", "lang", "style", "title", "valign", "bgcolor", "width", "height"},
    "a": {"href", "name"},
    "font": {"color", "face", "size"},
    "img": {"src", "alt", "border"},
    "ol": {"start", "type"},
    "table": {"border", "cellpadding", "cellspacing", "role"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
# no property that takes an address (background-image, list-style …) or leaves the letter's own box (position …)
LETTER_STYLES = _names(
    "background-color border border-bottom border-bottom-color border-bottom-style border-bottom-width border-collapse "
    "border-color border-left border-left-color border-left-style border-left-width border-radius border-right "
    "border-right-color border-right-style border-right-width border-spacing border-style border-top border-top-color "
    "border-top-style border-top-width border-width color direction display font-family font-size font-style "
    "font-variant font-weight height letter-spacing line-height list-style-type margin margin-bottom margin-left "
    "margin-right margin-top max-width min-width padding padding-bottom padding-left padding-right padding-top "
    "table-layout text-align text-decoration text-indent text-transform vertical-align white-space width "
    "word-break"
)
# tags whose content is not for reading either
SILENT_TAGS = {"script", "style", "title", "svg", "math", "template", "noscript", "iframe", "object", "textarea"}
_COLOUR = re.compile(r"\b(?:rgb|hsl)a?\([\d\s.,%/]*\)")
URL_SCHEMES = {"http", "https", "mailto", "tel"}

_rich_text = nh3.Cleaner(
    tags=set(TEXT_TAGS), attributes={"a": {"href", "title"}}, url_schemes=URL_SCHEMES, clean_content_tags=SILENT_TAGS
)


def clean_html(html: str) -> str:
    """Rich text of comments and descriptions: structure and links stay; styles, pictures and scripts go."""
    return _rich_text.clean(html)


def clean_letter(html: str, placeholders: Collection[str] = ()) -> str:
    """The body of a letter: also tables, pictures and harmless styles.

    placeholders: texts in double braces that may stand as the whole address of a link. Any other attribute with
    double braces is dropped, so that nothing filled in later can turn into an address or a style.
    """

    def harmless(tag: str, attribute: str, value: str) -> str | None:
        if "{{" in value:
            return value if (tag, attribute) == ("a", "href") and value.strip() in placeholders else None
        return _without_calls(value) if attribute == "style" else value

    cleaner = nh3.Cleaner(
        tags=set(LETTER_TAGS),
        attributes={tag: set(names) for tag, names in LETTER_ATTRIBUTES.items()},
        attribute_filter=harmless,
        filter_style_properties=set(LETTER_STYLES),
        url_schemes=URL_SCHEMES | {"cid"},
        clean_content_tags=SILENT_TAGS,
        link_rel=None,
    )
    return cleaner.clean(html)


def _without_calls(style: str) -> str:
    """A style without the declarations that call something, such as url(…): only colours may."""
    return ";".join(part for part in style.split(";") if not re.search(r"[(\\]", _COLOUR.sub("", part)))


def to_text(html: str) -> str:
    """What a person would read, as plain text: lines, bullets, and addresses of links in angle brackets."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.text()


_PARAGRAPHS = _names("address blockquote center div figure h1 h2 h3 h4 h5 h6 ol p pre table ul")
_LINES = _names("caption dd dt figcaption li tr")
_SPACE = re.compile(r"[ \t\r\n\f]+")


class _Reader(HTMLParser):
    """Collects lines; each paragraph is parted by one empty line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = [""]
        self._silent = 0
        self._verbatim = 0
        self._lists: list[int | None] = []
        self._links: list[tuple[str, int]] = []

    def text(self) -> str:
        joined = "\n".join(line.rstrip(" ") for line in self._lines)
        return re.sub(r"\n{3,}", "\n\n", joined).strip("\n")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in SILENT_TAGS:
            self._silent += 1
        elif tag == "br":
            self._lines.append("")
        elif tag == "hr":
            self._break(2)
            self._lines[-1] = "-" * 20
            self._break(2)
        elif tag == "img":
            self._write(given.get("alt", ""))
        elif tag == "a":
            self._links.append((given.get("href", ""), self._written()))
        elif tag in ("td", "th") and self._lines[-1]:
            self._lines[-1] += " "
        elif tag in _PARAGRAPHS:
            self._open_paragraph(tag)
        elif tag in _LINES:
            self._break(1)
            if tag == "li":
                self._lines[-1] = self._bullet()

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT_TAGS:
            self._silent = max(0, self._silent - 1)
        elif tag == "a" and self._links:
            self._close_link(*self._links.pop())
        elif tag in _PARAGRAPHS:
            self._close_paragraph(tag)
        elif tag in _LINES:
            self._break(1)

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        if self._verbatim:
            first, *others = data.split("\n")
            self._lines[-1] += first
            self._lines.extend(others)
        else:
            self._write(data)

    def _open_paragraph(self, tag: str) -> None:
        self._break(1 if tag == "div" or self._lists else 2)
        if tag in ("ol", "ul"):
            self._lists.append(0 if tag == "ol" else None)
        self._verbatim += tag == "pre"

    def _close_paragraph(self, tag: str) -> None:
        if tag in ("ol", "ul") and self._lists:
            self._lists.pop()
        if tag == "pre":
            self._verbatim = max(0, self._verbatim - 1)
        self._break(1 if tag == "div" or self._lists else 2)

    def _close_link(self, address: str, start: int) -> None:
        shown = "".join(self._lines)[start:].strip()
        if address and shown != address and shown != address.removeprefix("mailto:").removeprefix("tel:"):
            self._write(f" <{address}>" if shown else address)

    def _bullet(self) -> str:
        indent = "  " * (len(self._lists) - 1)
        if not self._lists or self._lists[-1] is None:
            return f"{indent}• "
        self._lists[-1] += 1
        return f"{indent}{self._lists[-1]}. "

    def _break(self, lines: int) -> None:
        """Start a new line with at least `lines - 1` empty ones before it."""
        if self._lines[-1].strip():
            self._lines.append("")
        if lines == 2 and len(self._lines) > 1 and self._lines[-2].strip():
            self._lines.append("")

    def _write(self, text: str) -> None:
        text = _SPACE.sub(" ", text)
        if not self._lines[-1] or self._lines[-1].endswith(" "):
            text = text.lstrip(" ")
        self._lines[-1] += text

    def _written(self) -> int:
        return sum(map(len, self._lines))
