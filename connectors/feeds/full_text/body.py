"""Element of a page that holds its article. No network.

Extractors know the class names of Western sites. On Chinese ones they often include ranks,
comments and recommendations. All sites build a page alike: the innermost element that has
most of its sentences is its article.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

_CODE = ["script", "style", "template", "noscript", "textarea", "footer"]
_BESIDE = re.compile(
    r"(?:^|[\s_-])(?:comments?|cmt|tie|replies|related?|recommend(?:s|ed|ation)?|ranks?"
    r"|ranking|sidebar|share|foot|footer|copyright|newsletter|cookies?|consent)(?:$|[\s_-])",
    re.IGNORECASE,
)
_BLOCKS = "div, p, ul, ol, table, section, article, h2, h3, br ~ br"
_INLINE = frozenset({"p", "span", "strong", "b", "em", "i", "font", "blockquote"})
_BOXES = frozenset({"div", "section"})
_SENTENCE = re.compile(r"[。！？；，：、.!?;,:،؟۔।။၊]")
# Less is a caption or a line of a menu.
_FEWEST = 20
# Of a page's sentences, what an article has at least; the rest are notices and teasers.
_SHARE = 0.6
# With less there is nothing to choose between.
_LEAST = 100


class ArticleBody(NamedTuple):
    """An article's element.

    ``html`` is what it holds, ``size`` the characters of its sentences, ``around`` the
    words of the page without what is known to stand beside articles; no spaces.
    """

    html: str
    size: int
    around: str


def article_body(tree: LexborHTMLParser) -> ArticleBody | None:
    """Return the innermost element with most of a page's sentences, None without one.

    *tree* is changed: scripts and what stands beside articles are taken out.
    """
    tree.strip_tags(_CODE)
    _take_out_beside(tree)
    sizes = _sizes(tree)
    total = max(sizes.values(), default=0)
    if tree.body is None or total < _LEAST:
        return None
    inner, size = tree.body, total
    while found := next(
        (child for child in inner.iter() if sizes.get(child.mem_id, 0) >= _SHARE * total),
        None,
    ):
        inner, size = found, sizes[found.mem_id]
    if inner.mem_id == tree.body.mem_id:
        return None  # its sentences lie about, none of its elements has most of them
    around = "".join(tree.body.text().split())
    return ArticleBody(f"<div>{inner.inner_html}</div>", size, around)


def _sizes(tree: LexborHTMLParser) -> dict[int, int]:
    """Return the characters of sentences in each element, by its id."""
    sizes: dict[int, int] = {}
    for node in tree.css("body, main, article, section, div, td, li"):
        own = _own(node)
        above: LexborNode | None = node
        while own and above is not None:
            sizes[above.mem_id] = sizes.get(above.mem_id, 0) + own
            above = above.parent
    return sizes


def _take_out_beside(tree: LexborHTMLParser) -> None:
    """Remove comments, recommendations and the like, known by their names."""
    if tree.body is None:
        return
    whole = _prose(tree.body)
    # An article may be called "share-area", and a whole page "has-comments".
    _remove(
        node
        for node in tree.css("div, section, aside, ul, ol, dl")
        if _BESIDE.search(_names(node)) and _prose(node) < whole / 2
    )
    _remove(link for link in tree.css("a") if link.css_first(_BLOCKS) is not None)


def _names(node: LexborNode) -> str:
    return f"{node.attributes.get('id') or ''} {node.attributes.get('class') or ''}"


def _remove(nodes: Iterable[LexborNode]) -> None:
    """Remove *nodes* from their tree, each once: nested ones go with the outer."""
    chosen = {node.mem_id: node for node in nodes}
    outer = [node for node in chosen.values() if not _is_within(node, chosen)]
    for node in outer:
        node.decompose()


def _is_within(node: LexborNode, others: Mapping[int, LexborNode]) -> bool:
    above = node.parent
    while above is not None and above.mem_id not in others:
        above = above.parent
    return above is not None


def _prose(node: LexborNode) -> int:
    linked = sum(_sentence(link.text()) for link in node.css("a"))
    return sum(map(_sentence, node.text(separator="\n").split("\n"))) - linked


def _own(node: LexborNode) -> int:
    """Return the characters of the sentences that are paragraphs of *node* itself."""
    if _is_paragraph(node):
        return 0  # of what it stands in
    size = 0
    for child in node.iter(include_text=True):
        if child.tag == "-text" or child.tag in _INLINE or _is_paragraph(child):
            size += _sentences(child)
    return size


def _is_paragraph(node: LexborNode) -> bool:
    """Tell whether *node* is a box without blocks inside: one paragraph."""
    return node.tag in _BOXES and node.css_first(_BLOCKS) is None


def _sentences(node: LexborNode) -> int:
    linked = sum(len(link.text()) for link in node.css("a")) if node.tag != "-text" else 0
    return max(0, _sentence(node.text()) - linked)


def _sentence(text: str) -> int:
    text = text.strip()
    return len(text) if len(text) >= _FEWEST and _SENTENCE.search(text) else 0
