"""What may be told of an error's text, kind by kind."""

import pytest

from coachhub.platform.discretion import told, unquoted, words_of

NAME = "Mirabelle Ott"
CODE = 271_828


def _raised(text: object) -> None:
    raise LookupError(text)


def _said() -> None:
    raise LookupError(f"nobody named {NAME} at table {7}, code {CODE}")


def _formatted() -> None:
    raise LookupError("nobody named {} here".format(NAME))  # noqa: UP032 (what is tried)


def _missing() -> None:
    open(f"/no/such/{NAME}")  # noqa: SIM115, PTH123 (what is tried)


def _words(raising: object, *given: object) -> str:
    with pytest.raises(Exception) as caught:  # noqa: PT011 (whatever it raises)
        raising(*given)  # type: ignore[operator]
    assert NAME not in told(caught.value)
    return words_of(caught.value)


def test_it_keeps_the_words_of_the_code_and_short_numbers_between_them() -> None:
    assert _words(_said) == "nobody named … at table 7, code …"


def test_it_leaves_out_a_text_of_which_nothing_stands_in_the_code() -> None:
    for text in (NAME, f"nobody named {NAME}", [NAME], ""):
        assert _words(_raised, text) == ""
    assert _words(_formatted) == ""


def test_it_keeps_what_speaks_of_code_alone() -> None:
    assert _words(lambda: None.email) == "'NoneType' object has no attribute 'email'"  # type: ignore[attr-defined]
    assert _words(lambda: [][0]) == "list index out of range"
    assert _words(_missing) == "[Errno 2] No such file or directory"


def test_it_leaves_out_what_is_quoted() -> None:
    assert unquoted(f"can't read \"{NAME}\" of '{NAME}'") == "can't read … of …"


def test_it_tells_what_led_to_an_error() -> None:
    def second() -> None:
        try:
            _said()
        except LookupError as error:
            raise RuntimeError("so it ended") from error

    with pytest.raises(RuntimeError) as caught:
        second()
    text = told(caught.value)
    assert (
        text.index("LookupError: nobody named …") < text.index("direct cause") < text.index("RuntimeError: so it ended")
    )
