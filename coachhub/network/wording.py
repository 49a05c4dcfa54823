"""The words of the network on screen: warmth, kinds, silence, reasons, feelings."""

from babel.dates import get_day_names
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from coachhub.network.rules import Kind, Part, Role, Silence, SilenceUnit, Warmth, Why
from coachhub.network.service.contacts import How
from coachhub.network.service.doubles import Same
from coachhub.network.service.imports.left_out import Standing
from coachhub.network.service.imports.people import Column, Problem, Reason, Source
from coachhub.network.service.imports.records import ImportEntry, State
from coachhub.platform.tongues import put_once


def warmth_words(state: Warmth) -> str:
    """One word for a state of warmth."""
    words: dict[Warmth, str] = {
        Warmth.AWAKE: _("Awake"),
        Warmth.DROWSY: _("Drowsy"),
        Warmth.HIBERNATING: _("Hibernating"),
        Warmth.FADING: _("Fading"),
    }
    return words[state]


def warmth_sentence(state: Warmth, silence: Silence | None) -> str:
    """What the warmth means: long silence is value worth waking, never a failure."""
    if silence is None:
        return str(_("Hibernating, we suppose: nobody wrote down when you last spoke. Worth waking."))
    ago = silence_words(silence)
    words: dict[Warmth, str] = {
        Warmth.AWAKE: _("Awake: last contact %(ago)s.", ago=ago),
        Warmth.DROWSY: _("Drowsy: last contact %(ago)s. A good moment to say hello.", ago=ago),
        Warmth.HIBERNATING: _("Hibernating: last contact %(ago)s. Worth waking.", ago=ago),
        Warmth.FADING: _("Fading: last contact %(ago)s. People are glad to hear from somebody after years.", ago=ago),
    }
    return words[state]


def silence_words(silence: Silence | None) -> str:
    """`about 14 months ago`: how long there was no contact."""
    if silence is None:
        return str(_("not known"))
    count = silence.count
    if silence.unit is SilenceUnit.DAYS:
        return str(_("today") if count == 0 else ngettext("yesterday", "%(num)s days ago", count))
    if silence.unit is SilenceUnit.WEEKS:
        return str(ngettext("about a week ago", "about %(num)s weeks ago", count))
    if silence.unit is SilenceUnit.MONTHS:
        return str(ngettext("about a month ago", "about %(num)s months ago", count))
    return str(ngettext("about a year ago", "about %(num)s years ago", count))


def kind_words(kind: Kind) -> str:
    """What a friend was to the client at work."""
    words: dict[Kind, str] = {
        Kind.COLLEAGUE: _("Colleague"),
        Kind.MANAGER: _("My manager"),
        Kind.REPORT: _("Reported to me"),
        Kind.MENTOR: _("Mentor"),
        Kind.EXECUTIVE: _("Executive"),
        Kind.CUSTOMER: _("Customer"),
        Kind.CLASSMATE: _("Classmate"),
    }
    return words[kind]


def why_words(why: Why, silence: Silence | None) -> str:
    """Why a friend is suggested, in one line."""
    if why is Why.UNKNOWN_SILENCE:
        return str(_("You liked working together, and nobody remembers when you last spoke."))
    ago, last = silence_words(silence), last_contact_words(silence)
    words: dict[Why, str] = {
        Why.NEVER_MET_SINCE: _("Not met since you worked together, %(ago)s.", ago=ago),
        Why.LONG_SILENCE: _("Last contact %(ago)s: these are the conversations people are glad about.", ago=ago),
        Why.SLIPPING: _("Last contact %(ago)s: one hello now, before it goes quiet for long.", ago=ago),
        Why.GOING_QUIET: _("Last contact %(ago)s: one hello keeps it going.", ago=ago),
        Why.WARM: _("You spoke %(ago)s: the easy one.", ago=ago),
        Why.MENTOR: _("A mentor of yours, %(last)s: mentors like to hear what became of it.", last=last),
        Why.EXECUTIVE: _("Somebody who sees the whole house, %(last)s: a question is a welcome reason.", last=last),
        Why.MANAGER: _("Once your manager, %(last)s: worth a little courage.", last=last),
        Why.RESPECTED: _("You go back a long way and like few people more, %(last)s.", last=last),
    }
    return words[why]


def role_words(role: Role) -> str:
    """What a suggestion is among the three."""
    words: dict[Role, str] = {
        Role.EASY: _("An easy one"),
        Role.STRETCH: _("A stretch"),
        Role.ASLEEP: _("Long asleep"),
        Role.ALSO: _("Also worth an hour"),
    }
    return words[role]


def part_words(part: Part) -> str:
    """What speaks for a friend, in a word or two."""
    words: dict[Part, str] = {
        Part.LIKING: _("You like them"),
        Part.LOSS: _("What silence takes"),
        Part.HISTORY: _("Years you know each other"),
        Part.VARIETY: _("Somebody new after the last three meetups"),
        Part.PRACTICAL: _("Easy to reach"),
    }
    return words[part]


def part_rule_words(part: Part) -> str:
    """How the points of a part are counted; the numbers are those of `rules.parts_of`."""
    words: dict[Part, str] = {
        Part.LIKING: _("10 for each step above “a little”: at most 40."),
        Part.LOSS: _(
            "Up to 20 as the silence grows; 20 more when the friendship begins to fade within 90 days, "
            "10 when it falls asleep within 90 days."
        ),
        Part.HISTORY: _("2 for each year: at most 20."),
        Part.VARIETY: _("10 if none of your last three meetups was with them, 5 if none was with their company."),
        Part.PRACTICAL: _("10 for an e-mail address or a phone number, 5 if they live in your time zone."),
    }
    return words[part]


def feeling_words(feeling: int) -> str:
    """How a meetup felt: 1 heavy, 2 fine, 3 lovely."""
    words: dict[int, str] = {1: _("Heavy going"), 2: _("Good"), 3: _("Lovely")}
    return words[feeling]


def liking_words(liking: int) -> str:
    """How much the client likes a friend's company, 1 to 5."""
    words: dict[int, str] = {
        1: _("A little"),
        2: _("Somewhat"),
        3: _("I like it"),
        4: _("I like it a lot"),
        5: _("Among the best"),
    }
    return words[liking]


@put_once
def minutes_words(minutes: int) -> str:
    """`45 minutes`, `1 hour`, `2 h 15 min`."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return str(ngettext("%(num)s minute", "%(num)s minutes", rest))
    if not rest:
        return str(ngettext("%(num)s hour", "%(num)s hours", hours))
    return str(_("%(hours)s h %(minutes)s min", hours=hours, minutes=rest))


def last_contact_words(silence: Silence | None) -> str:
    """`last contact about 14 months ago`, for a line about a friend."""
    if silence is None:
        return str(_("last contact not known"))
    return str(_("last contact %(ago)s", ago=silence_words(silence)))


def added_words(count: int) -> str:
    """What a page says after adding friends."""
    return str(ngettext("One friend is in your network.", "%(num)s friends are in your network.", count))


def way_words(how: How) -> str:
    """How a client was in touch, as an answer to choose."""
    words: dict[How, str] = {
        How.CALL: _("A call"),
        How.MESSAGE: _("Messages"),
        How.IN_PERSON: _("In person"),
        How.OTHER: _("Another way"),
    }
    return words[how]


def contact_words(how: How) -> str:
    """What happened, in a timeline."""
    words: dict[How, str] = {
        How.CALL: _("You talked"),
        How.MESSAGE: _("You wrote to each other"),
        How.IN_PERSON: _("You saw each other"),
        How.OTHER: _("You were in touch"),
        How.REMEMBERED: _("You were in touch, as you remember it"),
        How.WARM_UP: _("You sent a few kind words"),
    }
    return words[how]


def same_words(same: Same) -> str:
    """What two friends have in common."""
    words: dict[Same, str] = {
        Same.EMAIL: _("The same e-mail address"),
        Same.PROFILE: _("The same profile"),
        Same.NAME: _("The same name"),
    }
    return words[same]


def field_words(name: str) -> str:
    """What a field of a friend is called."""
    words: dict[str, str] = {
        "name": _("Name"),
        "company": _("From where"),
        "title": _("What they do"),
        "kind": _("How you know each other"),
        "liking": _("Time together"),
        "known_from": _("Worked together from"),
        "known_until": _("Worked together until"),
        "email": _("E-mail address"),
        "phone": _("Phone"),
        "profile": _("Public profile"),
        "city": _("City"),
        "time_zone": _("Their time zone"),
    }
    return words[name]


def rest_words(months: int) -> str:
    """A choice of how long a friend is not suggested."""
    return str(ngettext("For a month", "For %(num)s months", months))


def weekday_words(day: int) -> str:
    """The name of a weekday, Monday being 0."""
    return str(get_day_names("wide", "stand-alone", locale=get_locale() or "en")[day])


def preset_words(preset: str) -> str:
    """Hours that many people have, as a button."""
    words: dict[str, str] = {
        "lunch": _("Lunch on weekdays"),
        "early": _("Early on weekdays"),
        "evening": _("After work"),
        "weekend": _("Weekends"),
    }
    return words[preset]


def reason_words(reason: Reason, earlier: int = 0) -> str:
    """Why a line of a file was not taken, or what was left out of somebody who was.

    `earlier` is the line at which the same person stood before.
    """
    words: dict[Reason, str] = {
        Reason.NO_NAME: _("There is no name. LinkedIn hides the names of some members, and Google collects addresses."),
        Reason.FORMULA: _("The name is a formula for a spreadsheet, so we did not touch it."),
        Reason.NAME_TOO_LONG: _("The name is longer than 120 characters. Shorten it in the file, or add them by hand."),
        Reason.SAME_PERSON: _("The same person stands in line %(line)s already.", line=earlier),
        Reason.ODD_CELLS: _("The line has more cells than there are columns: a comma may stand where it should not."),
        Reason.BAD_CARD: _("The card is damaged, and no name could be read."),
        Reason.CARD_TOO_LONG: _("The card is too long for somebody's name and addresses."),
        Reason.CARD_NOT_ENDED: _("The card has no end, so we could not be sure what belongs to it."),
        Reason.DATE_UNCLEAR: _("The date could be read in two ways, or in none, so we left it empty."),
        Reason.ADDRESS_UNCLEAR: _("The e-mail address is not a whole one, so we left it empty."),
        Reason.SHORTENED: _("A text was too long, so we took the beginning of it."),
        Reason.PARTLY_READ: _("Something on the card could not be read, so we left it out."),
    }
    return words[reason]


def problem_words(problem: Problem, expected: str = "") -> str:
    """Why a file could not be read, and what to do; `expected` is the source whose shape it nearly has."""
    if problem is Problem.NO_PEOPLE:
        return _no_people_words(expected)
    words: dict[Problem, str] = {
        Problem.EMPTY: _("The file is empty. Download it once more, and choose it again."),
        Problem.TOO_LARGE: _("The file is larger than 20 MB. Split it into smaller ones, or leave the pictures out."),
        Problem.TOO_MANY_ROWS: _("The file has more than 30,000 people. Split it, and bring in one part at a time."),
        Problem.LINE_TOO_LONG: _("One line of the file is longer than any list of people has. Export it once more."),
        Problem.QUOTE_NOT_ENDED: _("A quotation mark opens in the file and never closes. Export it once more."),
        Problem.ZIP_BOMB: _("What is in the zip is far larger than the zip. Unpack it, and choose the CSV file."),
        Problem.ZIP_WITHOUT_PEOPLE: _(
            "There is no Connections.csv in the zip. Ask LinkedIn for a copy that includes your connections, "
            "or unpack the zip and choose the right file."
        ),
        Problem.DAMAGED: _("The zip is damaged or came only in part. Download it once more."),
        Problem.PASSWORD: _("The zip has a password. Unpack it, and choose the CSV file."),
        Problem.SPREADSHEET: _("This is a spreadsheet. Open it, save it as CSV (UTF-8), and choose that file."),
        Problem.PDF: _("This is a PDF. We need a CSV file, a vCard file, or LinkedIn's zip."),
        Problem.PICTURE: _("This is a picture. We need a CSV file, a vCard file, or LinkedIn's zip."),
        Problem.WEB_PAGE: _(
            "This is a web page, often one that asks to sign in. Download the CSV file itself, and choose it again."
        ),
        Problem.JSON: _("This is JSON. Where the export offers formats, choose CSV or vCard."),
        Problem.WRONG_TYPE: _("We cannot read this kind of file. We need a CSV file, a vCard file, or LinkedIn's zip."),
        Problem.LETTERS_UNCLEAR: _(
            "We cannot tell which alphabet the file is in. Open it, save it as CSV (UTF-8), and choose that file."
        ),
        Problem.NOT_A_TABLE: _("This is no list of people. We need a CSV file, a vCard file, or LinkedIn's zip."),
    }
    return words[problem]


def _no_people_words(expected: str) -> str:
    words: dict[str, str] = {
        Source.LINKEDIN: _(
            "We found LinkedIn's columns, and nobody below them. We expected a line for each connection, "
            "with a first name and a last name. The export may not have been ready: download it once more."
        ),
        Source.GOOGLE: _("We found Google's columns, and nobody with a name below them. Export them once more."),
        Source.OUTLOOK: _("We found Outlook's columns, and nobody with a name below them. Export them once more."),
        Source.VCARD: _("We found no card with a name. We expected BEGIN:VCARD, a line with FN or N, and END:VCARD."),
    }
    return words.get(expected) or str(
        _("We found nobody in the file. We expected a line for each person, with at least a name.")
    )


def source_words(source: str) -> str:
    """Where a file comes from; "" for a table that nobody knows."""
    words: dict[str, str] = {
        Source.LINKEDIN: _("LinkedIn"),
        Source.GOOGLE: _("Google Contacts"),
        Source.OUTLOOK: _("Outlook"),
        Source.VCARD: _("vCard"),
    }
    return words.get(source, "")


def column_words(column: Column) -> str:
    """What a column of a file may hold."""
    words: dict[Column, str] = {
        Column.NAME: _("Name"),
        Column.FIRST_NAME: _("First name"),
        Column.LAST_NAME: _("Last name"),
        Column.COMPANY: _("Company"),
        Column.TITLE: _("What they do"),
        Column.EMAIL: _("E-mail address"),
        Column.PHONE: _("Phone"),
        Column.CITY: _("City"),
        Column.PROFILE: _("Public profile"),
        Column.KNOWN_SINCE: _("Known since"),
        Column.NOTES: _("Notes"),
    }
    return words[column]


def left_out_words(reason: Reason | Standing, earlier: int = 0) -> str:
    """Why a line of a file is not among the friends."""
    words: dict[str, str] = {
        Standing.SAME: _("In your network already."),
        Standing.LIKE: _("Perhaps in your network already; you have not decided."),
        Standing.SKIPPED: _("In your network already, as you said."),
    }
    return words[reason] if isinstance(reason, Standing) else reason_words(reason, earlier)


def import_words(entry: ImportEntry) -> str:
    """Where an import stands, in a few words."""
    words: dict[State, str] = {
        State.WAITING: _("Being read"),
        State.READING: _("Being read"),
        State.COLUMNS: _("Waits for you: what do the columns hold?"),
        State.PREVIEW: _("Waits for you: who shall be a friend?"),
        State.ADDING: _("Being added"),
        State.DONE: str(ngettext("%(num)s friend added", "%(num)s friends added", entry.added)),
        State.FAILED: _("Could not be read"),
        State.UNDONE: _("Undone"),
    }
    return words[entry.state]


def unread_words(entry: ImportEntry) -> str:
    """Why the file of an import could not be read, and what to do."""
    if entry.error in set(Problem):
        return problem_words(Problem(entry.error), entry.details.get("expected", ""))
    return str(_("That was our mistake: we stumbled over this file. Please try once more, or tell us."))
