"""The words every practice starts with; the coach may change each of them."""

from dataclasses import dataclass

from flask_babel import gettext as _


@dataclass(frozen=True, slots=True)
class TemplateWords:
    """The coach's words for a message in one tone, with fields such as {first_name}."""

    subject: str
    body: str


def starter_name() -> str:
    """The name of the habit every practice starts with."""
    return str(_("One hour a month"))


def starter_steps() -> tuple[str, ...]:
    """Its five steps, in plain words."""
    return (
        _("Set aside one hour this month"),
        _("Choose somebody you liked working with"),
        _("Write to them: a few lines are enough"),
        _("Meet, in person or by phone"),
        _("Note how it was, and think of the next one"),
    )


def starter_templates() -> dict[str, TemplateWords]:
    """Its messages in three tones. Each sentence stands without the one before: what is unknown is left out."""
    return {"warm": _warm(), "light": _light(), "plain": _plain()}


def _warm() -> TemplateWords:
    return TemplateWords(
        _("Thinking of our time together, {first_name}"),
        _(
            "Dear {first_name},\n\n"
            "I was thinking of our time at {company} the other day. "
            "It has been {silence}, and I miss our conversations.\n\n"
            "I would love to hear how you are. Shall we take an hour for each other? "
            "I am free {times}. "
            "We could meet at {place}.\n\n"
            "Warmly,\n{me}"
        ),
    )


def _light() -> TemplateWords:
    return TemplateWords(
        _("Coffee soon?"),
        _(
            "Hi {first_name},\n\n"
            "You came to my mind today. {silence} without a coffee is too long!\n\n"
            "Do you feel like catching up? "
            "I could do {times}. "
            "How about {place}?\n\n"
            "{me}"
        ),
    )


def _plain() -> TemplateWords:
    return TemplateWords(
        _("Catching up"),
        _(
            "Hello {first_name},\n\n"
            "We have not talked for {silence}, and I would like to know what you are doing now.\n\n"
            "Would you have an hour to catch up? "
            "These times suit me: {times}. "
            "A place I would suggest: {place}.\n\n"
            "Best regards,\n{me}"
        ),
    )
