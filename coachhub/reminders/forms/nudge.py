"""What a coach writes in a nudge: words as those of a reminder, with its fields."""

from coachhub.reminders.forms.words import WordsForm
from coachhub.reminders.kinds.nudge import NUDGE
from coachhub.reminders.service.practice_rules import Words, script_of


def nudge_form(words: Words | None = None) -> WordsForm:
    """The form as it was sent; with these words instead, where some are given."""
    sample = script_of(NUDGE.name).sample()
    return WordsForm(sample) if words is None else WordsForm(sample, formdata=None).fill(words)
