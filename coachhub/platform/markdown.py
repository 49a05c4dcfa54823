"""What people write of themselves, in Markdown, as safe HTML.

Raw HTML is shown as text, pictures are left out (they would tell another server who reads), and what comes out is
cleaned once more by an allow-list.
"""

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_TAGS = {
    "p",
    "br",
    "hr",
    "em",
    "strong",
    "s",
    "a",
    "ul",
    "ol",
    "li",
    "blockquote",
    "code",
    "pre",
    "h3",
    "h4",
    "h5",
    "h6",
}
LINK_SCHEMES = {"http", "https", "mailto", "tel"}
_UNDER_PAGE_HEADING = 2


@lru_cache(maxsize=512)
def as_html(text: str) -> Markup:
    """Markdown as HTML for inside a section: its biggest heading is an `h3`; a line end is kept."""
    import nh3

    reader = markdown_reader()
    tokens = reader.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1:]) + _UNDER_PAGE_HEADING, 6)}"
    html = reader.renderer.render(tokens, reader.options, {})
    cleaned = nh3.clean(
        html, tags=_TAGS, attributes={"a": {"href"}}, url_schemes=LINK_SCHEMES, link_rel="nofollow noopener noreferrer"
    )
    return Markup(cleaned)  # noqa: S704 (cleaned by the allow-list just above)


@cache
def markdown_reader() -> "MarkdownIt":
    """Reads what people write: the same marks on screen and on paper."""
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("strikethrough").disable("image")
