"""The page that gives back what somebody typed into a form which could not be taken."""

from flask import Response, make_response, render_template, request

_NOT_TYPED = "csrf_token"


def words_back(status: int) -> Response:
    """The same form again, with all its words and a button that sends them once more.

    401: whoever typed it is signed out; 400: its token is from before they signed in; 409: somebody else is signed in.
    """
    fields = [(name, text) for name, text in request.form.items(multi=True) if name != _NOT_TYPED]
    shown = [(name, text) for name, text in fields if _is_text(text)]
    hidden = [(name, text) for name, text in fields if not _is_text(text)]
    page = render_template("errors/words_back.html", status=status, shown=shown, hidden=hidden)
    return make_response(page, status)


def _is_text(text: str) -> bool:
    """Whether it is worth showing, so that it can be copied, too: ids, marks and choices are single words."""
    return any(letter.isspace() for letter in text.strip())
