"""Secrets and signed claims."""

import pytest

from openevent.core.refusals import Refused
from openevent.core.tokens import hash_token, new_token, read_claim, sign_claim


def test_a_token_holds_at_least_128_random_bits_and_no_two_are_equal():
    tokens = {new_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert {len(token) for token in tokens} == {43}  # 43 letters of 6 bits


def test_the_hash_of_a_token_is_stable_and_does_not_hold_it():
    token = new_token()
    assert hash_token(token) == hash_token(token)
    assert token not in hash_token(token)


def test_a_signed_claim_reads_back_for_its_purpose():
    assert read_claim(sign_claim([7, "pdf"], purpose="ticket"), purpose="ticket", seconds=300) == [7, "pdf"]


@pytest.mark.parametrize("change", [lambda text: text[:-1] + "x", lambda text: "", lambda text: "a:b:c"])
def test_a_changed_claim_is_refused(change):
    with pytest.raises(Refused) as refused:
        read_claim(change(sign_claim(7, purpose="ticket")), purpose="ticket", seconds=300)
    assert refused.value.status == 403


def test_a_claim_for_another_purpose_is_refused():
    with pytest.raises(Refused):
        read_claim(sign_claim(7, purpose="ticket"), purpose="invoice", seconds=300)


def test_an_old_claim_is_gone():
    with pytest.raises(Refused) as refused:
        read_claim(sign_claim(7, purpose="ticket"), purpose="ticket", seconds=-1)
    assert refused.value.status == 410
