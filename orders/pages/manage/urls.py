"""Addresses of those who run an event, below /manage/: sales, orders, attendees, tickets, the door."""

from django.urls import path

from orders.pages.manage import (
    attendees,
    box_office,
    bulk,
    change_ticket,
    codes,
    create,
    dashboard,
    door,
    exports,
    form_fields,
    home,
    invoices,
    jobs,
    ledger,
    order,
    orders,
    publishing,
    refund,
    selling,
    tickets,
)

ORDERS = {"section": "manage-orders"}  # the line of the navigation that is marked

OVERVIEW, TICKETS, CODES = ({"section": name} for name in ("manage", "manage-tickets", "manage-codes"))

urlpatterns = [
    path("", home.my_events, name="manage-home"),
    path("new", create.new_event, name="manage-new"),
    *jobs.urlpatterns,
    *dashboard.urlpatterns,
    path("<slug:identifier>/publish", publishing.publish, OVERVIEW, name="manage-publish"),
    path("<slug:identifier>/unpublish", publishing.unpublish, OVERVIEW, name="manage-unpublish"),
    path("<slug:identifier>/preview", publishing.preview, OVERVIEW, name="manage-preview"),
    path("<slug:identifier>/tickets", tickets.ticket_list, name="manage-tickets"),
    path("<slug:identifier>/tickets/new", tickets.new_ticket, TICKETS, name="manage-ticket-new"),
    path("<slug:identifier>/tickets/<int:pk>", tickets.edit_ticket, TICKETS, name="manage-ticket"),
    path("<slug:identifier>/tickets/<int:pk>/move/<slug:way>", tickets.move, TICKETS, name="manage-ticket-move"),
    path("<slug:identifier>/tickets/<int:pk>/copy", tickets.copy, TICKETS, name="manage-ticket-copy"),
    path("<slug:identifier>/tickets/<int:pk>/remove", tickets.remove, TICKETS, name="manage-ticket-remove"),
    path("<slug:identifier>/codes", codes.code_list, name="manage-codes"),
    path("<slug:identifier>/codes/<slug:kind>/new", codes.new_code, CODES, name="manage-code-new"),
    path("<slug:identifier>/codes/<slug:kind>/<int:pk>", codes.edit_code, CODES, name="manage-code"),
    path("<slug:identifier>/codes/<slug:kind>/<int:pk>/switch", codes.switch, CODES, name="manage-code-switch"),
    path("<slug:identifier>/orders", orders.orders_page, name="manage-orders"),
    path("<slug:identifier>/orders/bulk", bulk.bulk_page, ORDERS, name="manage-bulk"),
    path("<slug:identifier>/orders/<slug:code>", order.order_page, ORDERS, name="manage-order"),
    path("<slug:identifier>/orders/<slug:code>/cancel", order.cancel_page, ORDERS, name="manage-cancel"),
    path("<slug:identifier>/orders/<slug:code>/refund", refund.refund_page, ORDERS, name="manage-refund"),
    path("<slug:identifier>/orders/<slug:code>/tickets/<slug:holder>", order.holder_page, ORDERS, name="manage-holder"),
    path(
        "<slug:identifier>/orders/<slug:code>/tickets/<slug:holder>/type",
        change_ticket.change_page,
        ORDERS,
        name="manage-change-ticket",
    ),
    *attendees.urlpatterns,
    *box_office.urlpatterns,
    *exports.urlpatterns,
    *ledger.urlpatterns,
    *invoices.urlpatterns,
    path("<slug:identifier>/door", door.door, name="door"),
    path("<slug:identifier>/door/counts", door.counts, name="door-counts"),
    path("<slug:identifier>/door/people", door.people, name="door-people"),
    path("<slug:identifier>/door/<int:number>/<slug:verb>", door.verb, name="door-verb"),
    *selling.urlpatterns,
    *form_fields.urlpatterns,
]
