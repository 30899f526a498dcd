"""Addresses of the shop. An order opens to its buyer's account, or to whoever has its secret link."""

from django.urls import path, re_path

from orders.pages import details, event, find, home, order, pay, stripe_link, webhooks

ORDER = r"^orders/(?P<identifier>[A-Za-z0-9-]+)(?:/(?P<secret>[A-Z2-7]{26}))?"

urlpatterns = [
    path("", home.home, name="home"),
    path("e/<slug:identifier>", event.event_page, name="event"),
    path("e/<slug:identifier>/sum", event.event_sum, name="event-sum"),
    path("my/tickets", order.my_tickets, name="my-tickets"),
    re_path(r"^payments/(?P<mode>stripe|paypal)/webhook$", webhooks.webhook, name="webhook"),
    path("payments/stripe/linked", stripe_link.linked, name="stripe-linked"),
    path("orders/find", find.find_orders, name="find-orders"),
    path("orders/<slug:identifier>/paid", pay.paid, name="paid"),
    re_path(rf"{ORDER}/pay$", pay.pay, name="pay"),
    re_path(rf"{ORDER}/details$", details.details, name="details"),
    re_path(rf"{ORDER}/tickets\.pdf$", order.tickets_pdf, name="order-pdf"),
    re_path(rf"{ORDER}/tickets/(?P<holder>[0-9a-z]+)\.pdf$", order.holder_pdf, name="holder-pdf"),
    re_path(rf"{ORDER}/tickets/(?P<holder>[0-9a-z]+)/name$", order.rename_holder, name="rename-holder"),
    re_path(rf"{ORDER}/tickets/(?P<holder>[0-9a-z]+)/code$", order.reissue, name="reissue"),
    re_path(rf"{ORDER}/papers/(?P<paper>[\w-]+)\.pdf$", order.paper, name="order-paper"),
    re_path(rf"{ORDER}/mail$", order.resend, name="resend"),
    re_path(rf"{ORDER}/cancel$", order.cancel, name="cancel-order"),
    re_path(rf"{ORDER}$", order.order_page, name="order"),
]
