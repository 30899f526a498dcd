"""Every list and every row of the admin opens, costs the same for one row as for three, and takes any nonsense."""

from urllib.parse import parse_qsl

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext

from openevent.core.admin import HouseAdmin
from tests.admin.everything import every_row, forms_of_one_row, list_of, lists, one_more_of_everything, row_of

JUNK = ("\x00", "9" * 30, "-1", "x" * 3000, "[]", "' OR 1=1 --")


@pytest.fixture
def keeper(client, root):
    client.force_login(root)
    return client


def queries_of(client, address):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in asked]


def test_only_lists_of_ours_are_there():
    assert all(isinstance(one, HouseAdmin) for one in admin.site._registry.values())


def test_a_list_costs_the_same_for_one_row_and_for_three(keeper, bob):
    one_more_of_everything(1, buyer=bob)
    addresses = {name: list_of(model_admin) for name, model_admin in lists().items()}
    for address in addresses.values():
        keeper.get(address)
    few = {name: queries_of(keeper, address) for name, address in addresses.items()}
    for number in (2, 3):
        one_more_of_everything(number, buyer=bob)
    for name, address in addresses.items():
        many = queries_of(keeper, address)
        assert (name, len(many)) == (name, len(few[name])), "\n".join(many)


def test_a_list_opens_with_every_filter_order_and_search(keeper, bob):
    one_more_of_everything(1, buyer=bob)
    for name, model_admin in lists().items():
        found = keeper.get(list_of(model_admin)).context["cl"]
        assert found.result_count, name
        orders = {f"?o={number}.-{number + 1}" for number in range(1, len(found.list_display), 2)}
        choices = {f"?which={choice}" for choice in model_admin.which}
        for one in found.filter_specs:
            choices |= {choice["query_string"] for choice in one.choices(found) if "query_string" in choice}
        for question in {"?q=harbour", '?q="%25_', *orders, *choices}:
            assert keeper.get(list_of(model_admin) + question).status_code == 200, (name, question)


def test_every_row_opens_and_its_history(keeper, bob):
    one_more_of_everything(1, buyer=bob)
    for name, model_admin in lists().items():
        rows = every_row(model_admin)
        assert rows, name
        assert keeper.get(rows[-1]).status_code == 200
        assert_history(keeper, rows[-1], name)


def assert_history(keeper, address, name):
    history = keeper.get(address.replace("/change/", "/history/"))
    asked = dict(parse_qsl(history["Location"].partition("?")[2]))
    assert asked["subject_type__exact"] == name.split(".")[1]
    assert keeper.get(history["Location"]).status_code == 200


def test_every_form_of_one_row_opens_before_it_has_a_row(keeper):
    for model_admin in forms_of_one_row():
        assert keeper.get(list_of(model_admin), follow=True).status_code == 200
        assert keeper.get(row_of(model_admin, model_admin.number + 1)).status_code == 302


def test_every_form_for_a_new_row_opens(keeper):
    for model_admin in lists().values():
        answer = keeper.get(list_of(model_admin) + "add/")
        assert answer.status_code == (200 if model_admin.can_add else 403)


def test_nonsense_in_an_address_is_never_a_fault(keeper, bob):
    one_more_of_everything(1, buyer=bob)
    for model_admin in lists().values():
        address = list_of(model_admin)
        filters = keeper.get(address).context["cl"].filter_specs
        names = ["q", "p", *(name for one in filters for name in one.expected_parameters())]
        if model_admin.date_hierarchy:
            names += [f"{model_admin.date_hierarchy}__{part}" for part in ("year", "month")]
        for junk in JUNK:
            for query in (dict.fromkeys(names, junk), {"nothing": junk}):
                answer = keeper.get(address, query)
                assert answer.status_code in (200, 302), (address, query)
        for junk in ("0", "x", "99999999999999999999999999", "%00", "1_5F"):
            assert keeper.get(f"{address}{junk}/change/").status_code in (302, 404), (address, junk)


def test_nonsense_in_each_filter_of_a_list_is_never_a_fault(keeper, bob):
    one_more_of_everything(1, buyer=bob)
    for model_admin in lists().values():
        for one in keeper.get(list_of(model_admin)).context["cl"].filter_specs:
            for name in one.expected_parameters():
                for junk in ("-1", "x", "\x00", "9" * 30):
                    answer = keeper.get(list_of(model_admin), {name: junk})
                    assert answer.status_code in (200, 302), (name, junk)
