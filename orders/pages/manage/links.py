"""Addresses that a number leads to: the very rows that it counts."""

from django.urls import reverse

from orders.services.find_orders import Filters


def orders_address(event, **filters):
    return f"{reverse('manage-orders', args=[event.identifier])}?{Filters(**filters).query()}"
