"""Markdown that people write, as safe HTML."""

import pytest

from coachhub.platform.markdown import as_html


def test_it_renders_paragraphs_lists_and_links() -> None:
    html = as_html("I coach **leaders**.\n\n- one\n- two\n\n[My book](https://example.com/book)")
    assert "<strong>leaders</strong>" in html
    assert "<li>one</li>" in html
    assert '<a href="https://example.com/book" rel="nofollow noopener noreferrer">My book</a>' in html


def test_it_keeps_headings_below_those_of_the_page() -> None:
    assert as_html("# Who I am\n\n##### Small") == "<h3>Who I am</h3>\n<h6>Small</h6>\n"


def test_it_keeps_line_ends() -> None:
    assert "one<br>" in as_html("one\ntwo")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](https://tracker.example/pixel.png)",
        '<a href="https://example.com" onclick="alert(1)">x</a>',
        "<svg/onload=alert(1)>",
    ],
)
def test_it_lets_no_script_and_no_picture_through(text: str) -> None:
    html = as_html(text)
    for forbidden in ("<script", "<img", 'href="javascript', 'href="data', "<svg", '<a href="https://example.com" on'):
        assert forbidden not in html
