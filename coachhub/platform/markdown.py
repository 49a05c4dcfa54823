"""What people write about themselves, in Markdown: paragraphs, lists, stress and links, and nothing else."""

from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "blockquote", "h3", "h4"}
_SCHEMES = {"http", "https", "mailto", "tel"}
_RISE = {"h1": "h3", "h2": "h3", "h3": "h4", "h4": "h4", "h5": "h4", "h6": "h4"}  # below the headings of the page
_written = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable("image")


@lru_cache(maxsize=512)
def markdown_html(text: str) -> Markup:
    """The text as HTML that is safe to show; the same text is read once."""
    tokens = _written.parse(text)
    for token in tokens:
        token.tag = _RISE.get(token.tag, token.tag)
    page = _written.renderer.render(tokens, _written.options, {})
    return Markup(nh3.clean(page, tags=_TAGS, attributes={"a": {"href"}}, url_schemes=_SCHEMES, link_rel="nofollow noopener"))  # noqa: S704


@lru_cache(maxsize=512)
def markdown_plain(text: str, longest: int) -> str:
    """The beginning of the text without its marks, on one line, for a description of the page."""
    plain = " ".join(nh3.clean(_written.render(text), tags=set()).split())
    words = Markup(plain).unescape()  # noqa: S704
    return words if len(words) <= longest else f"{words[: longest - 1].rsplit(' ', 1)[0]}…"
