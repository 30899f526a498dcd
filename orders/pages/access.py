"""Whose order it is: its buyer's by account, anybody's who has the secret link."""

from secrets import compare_digest

from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

from orders.models import Order
from orders.rules import bought_it
from orders.services.states import GUEST


class Opened:
    """An order with the way that somebody came to it."""

    def __init__(self, order, user, secret):
        self.order, self.secret = order, secret
        self.by = user if bought_it(user, order) else GUEST
        # The link shows an account's order, and changes only a guest's.
        self.may_change = self.by != GUEST or order.user_id is None

    def address(self, name="order", **more):
        """The address of one of the order's pages, by the same way."""
        way = {"secret": self.secret} if self.secret else {}
        return reverse(name, kwargs={"identifier": self.order.identifier, **way, **more})


def opens_order(view):
    """Give the view the order that its address names. Nobody but the buyer may keep a copy of the answer."""

    def opened(request, identifier, secret=None, **more):
        orders = Order.objects.filter(identifier=identifier, deleted_at=None).select_related("event", "discount_code")
        order = orders.first()
        if secret:
            if order is None or not compare_digest(secret, order.secret):
                raise Http404
        elif not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), reverse("account_login"))
        elif order is None or not bought_it(request.user, order):
            raise Http404
        answer = view(request, Opened(order, request.user, secret), **more)
        add_never_cache_headers(answer)
        return answer

    return opened
