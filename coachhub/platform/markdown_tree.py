"""What people write in Markdown, as a tree of blocks and runs for a document: data, and never source of anything.

Blocks are `p` and `h` with runs, `ul` and `ol` with items (blocks each), `quote` with blocks, `code` with its text, and
`hr`. A run is a text, or one of `strong`, `em`, `s` and `link` with runs, `code`, `br`. A block says its direction
(`ltr`, `rtl`) where it has a letter. The marks are those of the screen, and so are the links that may be followed.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from coachhub.platform.long_words import breakable
from coachhub.platform.markdown import LINK_SCHEMES, markdown_reader
from coachhub.platform.texts import is_right_to_left

if TYPE_CHECKING:
    from markdown_it.token import Token
    from markdown_it.tree import SyntaxTreeNode

Block = dict[str, object]
Run = str | dict[str, object]

_DEEPEST = 4
"""So many lists and quotes inside of one another are set in; what lies deeper stands with the last of them."""
_LOWEST_HEADING = 6
_DEEPEST_MARK = 8
"""So many marks inside of one another are shown; neither the tree nor Typst bears hundreds of them."""
_LONGEST_LINK = 8_000
"""In characters; Typst takes no longer one."""


def as_blocks(text: str, top: int = 3) -> list[Block]:
    """The tree of a text whose biggest headings are of level `top`; no level is left out below it (PDF/UA-1)."""
    from markdown_it.tree import SyntaxTreeNode

    tokens = markdown_reader().parse(text)
    for each in tokens:
        each.children = _shallow(each.children) if each.children else each.children
    return _Reading(top).blocks(SyntaxTreeNode(tokens).children, 0)


def _shallow(marks: "Sequence[Token]") -> "list[Token]":
    """Without those that stand too deep inside of others."""
    kept, depth = [], 0
    for mark in marks:
        depth += max(mark.nesting, 0)
        if not mark.nesting or depth <= _DEEPEST_MARK:
            kept.append(mark)
        depth += min(mark.nesting, 0)
    return kept


class _Reading:
    """One text being read: which headings the next one stands under."""

    def __init__(self, top: int) -> None:
        self._top = top
        self._above: list[int] = []

    def blocks(self, nodes: "Sequence[SyntaxTreeNode]", depth: int) -> list[Block]:
        return [block for node in nodes for block in self._of(node, depth)]

    def _of(self, node: "SyntaxTreeNode", depth: int) -> list[Block]:
        if node.type in ("paragraph", "heading"):
            return self._lines(node, depth)
        if node.type in ("bullet_list", "ordered_list"):
            return self._items(node, depth)
        if node.type == "blockquote":
            return self._quoted(node, depth)
        if node.type in ("fence", "code_block"):
            return [{"kind": "code", "text": breakable(node.content.rstrip("\n"))}]
        return [{"kind": "hr"}] if node.type == "hr" else []

    def _lines(self, node: "SyntaxTreeNode", depth: int) -> list[Block]:
        runs = _runs(node.children[0].children) if node.children else []
        if not runs:
            return []
        if node.type == "paragraph":
            return [{"kind": "p", "runs": runs, **_turned(node)}]
        if depth:  # a heading inside of a list would not be one of the document's
            return [{"kind": "p", "runs": [{"kind": "strong", "runs": runs}], **_turned(node)}]
        return [{"kind": "h", "level": self._level(int(node.tag[1:])), "runs": runs, **_turned(node)}]

    def _level(self, written: int) -> int:
        while self._above and self._above[-1] >= written:
            self._above.pop()
        self._above.append(written)
        return min(self._top + len(self._above) - 1, _LOWEST_HEADING)

    def _items(self, node: "SyntaxTreeNode", depth: int) -> list[Block]:
        items = [self.blocks(item.children, depth + 1) for item in node.children]
        if depth >= _DEEPEST:
            return [block for item in items for block in item]
        if node.type == "bullet_list":
            return [{"kind": "ul", "items": items, **_turned(node)}]
        return [{"kind": "ol", "start": node.attrs.get("start", 1), "items": items, **_turned(node)}]

    def _quoted(self, node: "SyntaxTreeNode", depth: int) -> list[Block]:
        blocks = self.blocks(node.children, depth + 1)
        if depth >= _DEEPEST or not blocks:
            return blocks
        return [{"kind": "quote", "blocks": blocks, **_turned(node)}]


def _runs(nodes: "Iterable[SyntaxTreeNode]") -> list[Run]:
    return [run for node in nodes for run in _run(node)]


def _run(node: "SyntaxTreeNode") -> list[Run]:
    if node.type in ("softbreak", "hardbreak"):
        return [{"kind": "br"}]
    if node.type == "code_inline":
        return [{"kind": "code", "text": breakable(node.content)}]
    if node.type in ("strong", "em", "s"):
        return [{"kind": node.type, "runs": _runs(node.children)}]
    if node.type == "link":
        return _link(node)
    return [breakable(node.content)] if node.content else []


def _link(node: "SyntaxTreeNode") -> list[Run]:
    """What leads nowhere that we let anybody go is only its text, and what has no text shows nothing."""
    runs, to = _runs(node.children), str(node.attrs.get("href", ""))
    if not runs or len(to) > _LONGEST_LINK or to.partition(":")[0].lower() not in LINK_SCHEMES:
        return runs
    return [{"kind": "link", "to": to, "runs": runs}]


def _turned(node: "SyntaxTreeNode") -> dict[str, str]:
    """The direction of a block, as its first letter says."""
    text = "".join(each.content for each in node.walk() if each.type in ("text", "code_inline"))
    turned = is_right_to_left(text)
    return {} if turned is None else {"dir": "rtl" if turned else "ltr"}
