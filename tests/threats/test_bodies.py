"""Bodies that are larger than anything we ask for end at once, in little memory."""

import resource
import time

import pytest

from accounts.services.tokens import give_tokens

MEGABYTE = 1024 * 1024
JSON, JSONAPI = "application/json", "application/vnd.api+json"
ADDRESSES = [
    ("/auth/session", JSON),
    ("/v1/auth/login", JSON),
    ("/v1/auth/token/refresh", JSON),
    ("/v1/users/check_email", JSON),
    ("/v1/users", JSONAPI),
    ("/v1/events", JSONAPI),
    ("/v1/orders/calculate-amount", JSON),
    ("/v1/orders/create-order", JSON),
]


class Endless:
    """A body of ones without end, which complains when more is taken of it than anybody needs."""

    taken = 0

    def read(self, size=-1):
        size = MEGABYTE if size is None or size < 0 else min(size, MEGABYTE)
        self.taken += size
        assert self.taken < 4 * MEGABYTE, "It is read and read."
        return b"1," * (size // 2)

    readline = read


def memory():
    """The most that this process ever took, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


@pytest.mark.parametrize(("address", "kind"), ADDRESSES)
def test_a_gigabyte_of_numbers_is_refused_at_once_and_in_little_memory(client, ada, address, kind):
    environ = {"wsgi.input": Endless(), "CONTENT_LENGTH": str(1024 * MEGABYTE), "CONTENT_TYPE": kind}
    headers = {"Authorization": f"JWT {give_tokens(ada)['access_token']}"}
    before, begin = memory(), time.perf_counter()
    answer = client.generic("POST", address, headers=headers, **environ)
    assert (answer.status_code, answer.json()["errors"][0]["status"]) == (413, 413)
    assert time.perf_counter() - begin < 1
    assert memory() - before < 100 * MEGABYTE


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_so_is_a_gigabyte_in_a_form(client, ada, kind):
    environ = {"wsgi.input": Endless(), "CONTENT_LENGTH": str(1024 * MEGABYTE), "CONTENT_TYPE": kind}
    before, begin = memory(), time.perf_counter()
    assert client.generic("POST", "/accounts/sign-in", **environ).status_code in (400, 413)
    assert time.perf_counter() - begin < 1
    assert memory() - before < 100 * MEGABYTE


def test_what_is_allowed_is_read_in_little_memory(client, ada):
    """The longest array that comes in: a million numbers."""
    body = b"[" + b"1," * (MEGABYTE - 2) + b"1]"
    before, begin = memory(), time.perf_counter()
    answer = client.generic("POST", "/v1/orders/calculate-amount", body, content_type=JSON)
    assert answer.status_code in (400, 401, 422)
    assert time.perf_counter() - begin < 1
    assert memory() - before < 100 * MEGABYTE
