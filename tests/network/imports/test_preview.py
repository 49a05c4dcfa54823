"""The preview: parts, search, pages, ticks. None of it is a friend."""

from tests.factories import a_friend
from tests.network.imports.conftest import Importing, linkedin, somebody
from tests.statements import asked

GOOGLE = "First Name,Last Name,Organization Name,E-mail 1 - Label,E-mail 1 - Value,Labels\n"


def _ticked(importing: Importing) -> list[object]:
    rows = importing.admin.execute("select line from import_rows where ticked order by line").fetchall()
    return [line for (line,) in rows]


def test_it_adds_nobody_by_itself(importing: Importing) -> None:
    import_id = importing.bring_in(linkedin(somebody(1), somebody(2)))
    page = importing.page(import_id)
    assert "2 people are in Connections.csv" in page
    assert "Add 2 friends" in page
    assert importing.names() == ["Dan Dorsey"]


def test_it_keeps_the_ticks_of_a_page_and_leaves_the_others_alone(importing: Importing) -> None:
    import_id = importing.bring_in(linkedin(*(somebody(number) for number in range(60))))
    for _click in range(2):
        importing.press(import_id, "", line=[2, 3, 4], tick=[3])
    assert _ticked(importing) == [line for line in range(2, 62) if line not in (2, 4)]


def test_it_ticks_all_that_were_found(importing: Importing) -> None:
    import_id = importing.bring_in(linkedin(*(somebody(number) for number in range(60))))
    importing.press(import_id, "none")
    assert _ticked(importing) == []
    importing.press(import_id, "all", q="Eriksen 1")
    assert len(_ticked(importing)) == 11
    assert "11 of 60 chosen" in importing.page(import_id)


def test_it_remembers_whom_the_client_unticked_of_all(importing: Importing) -> None:
    import_id = importing.bring_in(linkedin(*(somebody(number) for number in range(200))))
    importing.press(import_id, "all")
    importing.press(import_id, "", line=[2, 3], tick=[3])
    importing.press(import_id, "none", q="Eriksen 19")
    assert "188 of 200 chosen" in importing.page(import_id)
    importing.take(import_id)
    assert "Eli Eriksen 0" not in importing.names()
    assert len(importing.names()) == 189


def test_it_pages_by_fifty_and_searches(importing: Importing) -> None:
    import_id = importing.bring_in(linkedin(*(somebody(number) for number in range(60))))
    assert importing.page(import_id).count('name="tick"') == 50
    assert importing.page(import_id, page="2").count('name="tick"') == 10
    assert importing.page(import_id, q="eriksen 59").count('name="tick"') == 1
    assert "Nobody here" in importing.page(import_id, q="100%")
    assert importing.press(import_id, "", go=2).location.endswith("page=2")


def test_it_ticks_nobody_whom_google_collected(importing: Importing) -> None:
    lines = "Noor,Haddad,Acme,* Work,noor@example.com,* myContacts\n,,,,stray@example.com,\nEve,Ek,,,eve@example.com,\n"
    import_id = importing.bring_in((GOOGLE + lines).encode(), "contacts.csv")
    assert importing.kinds(import_id).get("new") == 1
    assert importing.kinds(import_id).get("other") == 1
    assert importing.one("select bool_or(ticked) from import_rows where kind = 'other'") is False
    assert "Eve Ek" in importing.page(import_id, tab="other")


def test_it_shows_likely_friends_side_by_side(importing: Importing) -> None:
    import_id = importing.bring_in(linkedin("Dan,Dorsey,https://linkedin.com/in/dan,,Acme,Chief of Staff,3 Mar 2014"))
    page = importing.page(import_id, tab="like")
    for words in ("In the file", "In your network", "Chief of Staff", "dan@example.net", "one to decide"):
        assert words in page
    importing.press(import_id, "", tab="like", pair=2, **{"choice-2": "fill"})
    assert "Fill in what is new" in importing.page(import_id, tab="like")


def test_it_shows_a_likely_friend_who_was_erased_meanwhile(importing: Importing) -> None:
    import_id = importing.bring_in(linkedin("Dan,Dorsey,,,Acme,,3 Mar 2014"))
    importing.admin.execute("delete from friends")
    assert "Dan Dorsey" in importing.page(import_id, tab="like")
    importing.press(import_id, "take", tab="like", pair=2, **{"choice-2": "fill"})
    importing.work()
    assert (importing.state(import_id), importing.names()) == ("done", [])


def test_it_writes_names_of_every_script_and_no_markup(importing: Importing) -> None:
    import_id = importing.bring_in(linkedin("عمر,الفاروق,,,Acme,,", "<b>Eve</b>,Ek,,,<script>,,", "伟,陈,,,,,"))
    page = importing.page(import_id)
    assert "عمر الفاروق" in page
    assert "<b>Eve" not in page
    assert "<script>," not in page


def test_it_takes_odd_forms_calmly(importing: Importing) -> None:
    import_id = importing.bring_in(linkedin(somebody(1)))
    for sent in ({"line": "99999999999999"}, {"line": "x"}, {"pair": 2, "choice-2": "marry"}, {"go": "9" * 30}):
        assert importing.press(import_id, "", **sent).status_code == 303
    assert importing.press(import_id, "all", tab="like").status_code == 303
    assert importing.page(import_id, tab="nonsense", page="999999999999")
    assert _ticked(importing) == [2]


def test_it_asks_the_database_at_most_eight_times(importing: Importing) -> None:
    a_friend(importing.cast.app, importing.cast.ben, "Eli Eriksen 3")
    import_id = importing.bring_in(linkedin(*(somebody(number) for number in range(10_000))))
    for tab in ("new", "like", "left"):
        with asked(importing.cast.app) as statements:
            importing.page(import_id, tab=tab, page="3")
        own = [statement for statement in statements if "set_config" not in statement]
        assert len(own) <= 8, own
