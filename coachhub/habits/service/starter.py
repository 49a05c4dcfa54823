"""The words every practice starts with; the coach may change each of them."""

from collections.abc import Mapping

from flask_babel import gettext as _

from coachhub.network.service.drafts import TemplateText, Tone
from coachhub.network.service.filling import fill


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


def starter_templates() -> dict[Tone, TemplateText]:
    """Its messages in three tones. Each sentence stands without the one before: what is unknown is left out."""
    return {Tone.WARM: _warm(), Tone.LIGHT: _light(), Tone.PLAIN: _plain()}


def _warm() -> TemplateText:
    return TemplateText(
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


def _light() -> TemplateText:
    return TemplateText(
        _("Coffee soon?"),
        _(
            "Hi {first_name},\n\n"
            "You came to my mind today. It has been {silence}: too long without a coffee!\n\n"
            "Do you feel like catching up? "
            "I could do {times}. "
            "How about {place}?\n\n"
            "{me}"
        ),
    )


def _plain() -> TemplateText:
    return TemplateText(
        _("Catching up"),
        _(
            "Hello {first_name},\n\n"
            "We have not talked for {silence}. I would like to know what you are doing now.\n\n"
            "Would you have an hour to catch up? "
            "These times suit me: {times}. "
            "A place I would suggest: {place}.\n\n"
            "Best regards,\n{me}"
        ),
    )


def follow_up_template() -> TemplateText:
    """A gentle word to somebody who has not answered."""
    return TemplateText(
        _("Still thinking of you"),
        _(
            "Hi {first_name},\n\n"
            "My message may have come at a busy time, so here is a small wave. "
            "There is no hurry at all.\n\n"
            "If an hour is too much at the moment, a quarter of an hour by phone would be lovely too. "
            "I could do {times}.\n\n"
            "{me}"
        ),
    )


def previews_of(templates: Mapping[Tone, TemplateText]) -> dict[Tone, TemplateText]:
    """How the messages would read to an invented friend."""
    facts = {
        "friend": _("Robin Marsh"),
        "first_name": _("Robin"),
        "company": _("Northwind"),
        "silence": _("more than a year"),
        "times": _("Thursday at 12:30 or Friday at 8:30"),
        "place": _("the café at the station"),
        "me": _("Sam"),
    }
    return {tone: TemplateText(fill(text.subject, facts), fill(text.body, facts)) for tone, text in templates.items()}
