"""Every page below /manage/ × every person, against a table that a person can read (rights.yaml)."""

import pytest
from django.urls import reverse

from tests.contract.world import PEOPLE
from tests.pages.walk import OF_AN_EVENT, PAGES, address, addresses, entry, people_with, right_to

pytestmark = pytest.mark.once

AT_THE_EVENT = people_with("some")


def meaning(answer):
    """What came of it, in a word: opened, sign-in, 403 or 404. A page that only takes posts counts as opened."""
    if answer.status_code == 302 and answer["Location"].startswith(reverse("account_login")):
        return "sign-in"
    return "opened" if answer.status_code in (200, 302, 405) else answer.status_code


def expected(name, who):
    if who == "anonymous":
        return "sign-in"
    if who in people_with(right_to(name)):
        return "opened"
    return 403 if who in AT_THE_EVENT and name in OF_AN_EVENT else 404


def test_every_page_has_its_line_in_the_table():
    assert sorted(addresses()) == PAGES


@pytest.mark.parametrize("name", PAGES)
def test_who_opens_a_page(world, browsers, name):
    answers = {who: browsers[who].get(address(world, name)) for who in PEOPLE}
    if {answer.status_code for answer in answers.values()} == {405}:  # it only takes posts: see below
        return
    found = {who: meaning(answer) for who, answer in answers.items()}
    assert found == {who: expected(name, who) for who in PEOPLE}


@pytest.mark.parametrize("name", OF_AN_EVENT)
def test_who_may_not_open_a_page_may_not_post_to_it(world, browsers, name):
    strangers = [who for who in PEOPLE if who not in people_with(right_to(name))]
    found = {who: meaning(browsers[who].post(address(world, name))) for who in strangers}
    if set(found.values()) != {"opened"}:  # it takes no posts at all
        assert found == {who: expected(name, who) for who in strangers}


@pytest.mark.parametrize("name", OF_AN_EVENT)
def test_nobody_of_this_event_opens_the_page_of_another(world, browsers, name):
    insiders = ("organizer-elsewhere", "admin", "superadmin", "anonymous")
    for who in set(PEOPLE) - set(insiders):
        there = address(world, name, "theirs")
        found = [browsers[who].get(there).status_code, browsers[who].post(there).status_code]
        assert (who, set(found) - {405}) == (who, {404})


@pytest.mark.parametrize("name", [name for name in OF_AN_EVENT if set(entry(name)) - {"right", "query"}])
def test_a_row_of_another_event_is_not_there(world, browsers, name):
    """Not even for those who may open both: the address names one event and a row of the other."""
    ours, theirs = (world.rows[tenant]["event"].identifier for tenant in ("ours", "theirs"))
    mixed = address(world, name, "theirs").replace(theirs, ours)
    if mixed == address(world, name):  # a word, not a row
        return
    superadmin = browsers["superadmin"]
    found = {superadmin.get(mixed).status_code, superadmin.post(mixed).status_code}
    assert found - {405} == {404}


@pytest.mark.parametrize("name", OF_AN_EVENT)
def test_a_page_of_one_event_shows_nothing_of_another_of_the_same_owner(world, browsers, name):
    world.give(world.rows["theirs"]["event"], "owner", "owner")
    body = browsers["owner"].get(address(world, name)).content.decode(errors="replace")
    assert "theirs" not in body.lower()
