"""What is sold: tickets, orders, attendees, payments, check-in."""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "orders"
