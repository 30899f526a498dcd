"""A process of its own that buys or gives back, and stops where the test will kill it."""

import signal
from contextlib import suppress

import requests
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import OperationalError, connection

from accounts.models import User
from openevent.core.refusals import Refused
from orders.models import Order, Ticket
from orders.models.order import COMPLETED
from orders.services.paying import pay_by_token
from orders.services.refunding import refund_order
from orders.tests.factories import make_order

BEFORE_LOCK, AFTER_INSERT, AFTER_COMMIT = "before the lock", "after the insert", "after commit"
AFTER_CALL, BEFORE_MAIL = "after the provider's call", "before the mail"
POINTS = (BEFORE_LOCK, AFTER_INSERT, AFTER_COMMIT, AFTER_CALL, BEFORE_MAIL)


def buy(stop_at, *, ticket, buyer):
    """Two seats, paid by card."""
    watch(stop_at)
    buyer = User.objects.get(pk=buyer)
    order = make_order((Ticket.objects.get(pk=ticket), 2), by=buyer)
    pay_by_token(order, by=buyer, token="tok_visa")


def give_back(stop_at, *, order, by):
    watch(stop_at)
    refund_order(Order.objects.get(pk=order), by=User.objects.get(pk=by))


def run(act, point, pipe, database, stripe, facts):
    """Do it with the test's own database and Stripe; tell the test when the point is reached, and go no further."""
    connection.settings_dict["NAME"], settings.STRIPE_API = database, stripe

    def stop_at(here):
        if here == point:
            pipe.send(here)
            signal.pause()

    with suppress(Refused, OperationalError):
        act(stop_at, **facts)
    pipe.send("the end")


def watch(stop_at):
    """Look at every statement, request and mail of this process."""
    commit, send, post = connection.run_and_clear_commit_hooks, requests.Session.send, EmailMultiAlternatives.send

    def statement(execute, sql, *rest):
        if sql.startswith('UPDATE "orders_ticket"'):
            stop_at(BEFORE_LOCK)
        answer = execute(sql, *rest)
        if sql.startswith('INSERT INTO "orders_order" '):
            stop_at(AFTER_INSERT)
        return answer

    def committed():
        if Order.objects.filter(status=COMPLETED).exists():
            stop_at(AFTER_COMMIT)
        commit()

    def asked(session, request, **options):
        answer = send(session, request, **options)
        if request.url.endswith(("/v1/charges", "/v1/refunds")):
            stop_at(AFTER_CALL)
        return answer

    def posted(message, *rest, **options):
        stop_at(BEFORE_MAIL)
        return post(message, *rest, **options)

    connection.execute_wrappers.append(statement)
    connection.run_and_clear_commit_hooks = committed
    requests.Session.send, EmailMultiAlternatives.send = asked, posted
