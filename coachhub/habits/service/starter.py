"""The words every practice starts with; the coach may change each of them.

Each sentence stands without the one before: one that needs something unknown is left out.
"""

from flask_babel import gettext as _

from coachhub.network.service.drafts import Purpose, TemplateText, Tone
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
    """Its invitation in three tones."""
    return {Tone.WARM: _warm(), Tone.LIGHT: _light(), Tone.PLAIN: _plain()}


def starter_notes() -> dict[Purpose, TemplateText]:
    """Its three short messages around the invitation: after no answer, after the meetup, and before the first one."""
    return {Purpose.FOLLOW_UP: _follow_up(), Purpose.THANKS: _thanks(), Purpose.WARM_UP: _warm_up()}


def _warm() -> TemplateText:
    return TemplateText(
        _("Thinking of our time together, {name}"),
        _(
            "Dear {name},\n\n"
            "I was thinking of our time at {company} the other day. "
            "It has been {since}, and I miss our conversations.\n\n"
            "I would love to hear how you are. "
            "And I would like to ask you about {ask}.\n\n"
            "Shall we take an hour for each other? "
            "I am free {times}. "
            "We could meet at {place}.\n\n"
            "Here you can say what suits you, or that it does not suit now: {link}\n\n"
            "Warmly,\n{me}"
        ),
    )


def _light() -> TemplateText:
    return TemplateText(
        _("Coffee soon?"),
        _(
            "Hi {name},\n\n"
            "You came to my mind today. It has been {since}: too long without a coffee!\n\n"
            "Do you feel like catching up? "
            "I am curious about {ask}. "
            "I could do {times}. "
            "How about {place}?\n\n"
            "One tap is enough, and you can offer another time: {link}\n\n"
            "{me}"
        ),
    )


def _plain() -> TemplateText:
    return TemplateText(
        _("Catching up"),
        _(
            "Hello {name},\n\n"
            "We have not talked for {since}. I would like to know what you are doing now.\n\n"
            "Would you have an hour to catch up? "
            "What I would like to talk about: {ask}. "
            "These times suit me: {times}. "
            "A place I would suggest: {place}.\n\n"
            "You can answer here, without an account: {link}\n\n"
            "Best regards,\n{me}"
        ),
    )


def _follow_up() -> TemplateText:
    return TemplateText(
        _("Still thinking of you"),
        _(
            "Hi {name},\n\n"
            "My message may have come at a busy time, so here is a small wave. "
            "There is no hurry at all.\n\n"
            "If an hour is too much at the moment, a quarter of an hour by phone would be lovely too. "
            "I could do {times}.\n\n"
            "Here you can choose, or say that it does not suit now: {link}\n\n"
            "{me}"
        ),
    )


def _thanks() -> TemplateText:
    return TemplateText(
        _("Thank you, {name}"),
        _(
            "Hi {name},\n\n"
            "Thank you for taking the time. It was good to talk, and I am still thinking about what you said.\n\n"
            "If there is something I can do for you, just say so.\n\n"
            "{me}"
        ),
    )


def _warm_up() -> TemplateText:
    return TemplateText(
        _("A quick hello"),
        _(
            "Hi {name},\n\n"
            "No reason and no question: you came to my mind, and I wanted to say hello. "
            "I still like to think of our days at {company}. "
            "I hope you are well!\n\n"
            "{me}"
        ),
    )


def preview_of(text: TemplateText) -> TemplateText:
    """How a message would read to an invented friend."""
    facts = {
        "friend": _("Robin Marsh"),
        "name": _("Robin"),
        "company": _("Northwind"),
        "since": _("more than a year"),
        "times": _("Thursday at 12:30 or Friday at 8:30"),
        "place": _("the café at the station"),
        "ask": _("how you came to lead a team of your own"),
        "link": "https://coachhub.example/r/…",
        "me": _("Sam"),
    }
    return TemplateText(fill(text.subject, facts), fill(text.body, facts))
