"""The buyer's summary: lines, sums, total and how to pay."""

import pytest

from orders.documents.order_summary import order_summary_pdf
from orders.tests.documents.papers import count_pages, order, words_of


def test_a_summary_adds_up_in_the_orders_currency():
    words = words_of(order_summary_pdf(order()))
    for said in ("Order A7K2Q9XM, 2 April 2026, 11:12", "€178.00", "Discount EARLY", "−€17.80", "€160.20"):
        assert said in words


def test_an_unpaid_order_says_how_to_pay():
    unpaid = order(state="Awaiting transfer", instructions="IBAN 1\nWithin 14 days")
    words = words_of(order_summary_pdf(unpaid))
    for said in ("Awaiting transfer", "How to pay", "IBAN 1", "Within 14 days", "your payment: A7K2Q9XM"):
        assert said in words


def test_a_paid_order_does_not_say_how_to_pay():
    assert "How to pay" not in words_of(order_summary_pdf(order()))


def test_a_summary_names_everybody_who_comes():
    words = words_of(order_summary_pdf(order(holders=(("Ada", "Three days"), ("王小明", "Workshop")))))
    assert "Ada" in words
    assert "王小明" in words


def test_a_hundred_lines_go_over_pages_and_lose_nothing():
    holders = tuple((f"Guest number {number}", "Three days") for number in range(100))
    pdf = order_summary_pdf(order(holders=holders))
    assert count_pages(pdf) > 1
    assert all(f"Guest number {number} " in words_of(pdf) for number in (0, 50, 99))


@pytest.mark.parametrize("words", ["<script>1</script>", "{{ 7|add:7 }}", "<pdf:nextpage />"])
def test_markup_in_words_of_others_is_printed_as_it_is(words):
    pdf = order_summary_pdf(order(buyer=words, instructions=words, buyer_address=(words,)))
    assert count_pages(pdf) == 1
    assert "".join(words_of(pdf).split()).count(words.replace(" ", "")) == 3
