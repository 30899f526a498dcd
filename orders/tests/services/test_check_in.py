"""Who is let in, who came already, who is sent away: by a ticket's code or by name, each time a row."""

from datetime import timedelta

import pytest
from django.utils import timezone

from events.tests.factories import give_role, make_event
from openevent.core.refusals import Refused
from orders.models import Order, Scan
from orders.services.change_ticket import change_ticket
from orders.services.check_in import check_in, check_in_order, check_out, scan, undo_check_in
from orders.services.holders import change_holder, reissue_ticket, remove_attendee
from orders.services.papers import ticket_papers
from orders.services.states import SERVER, cancel_order, mark_paid
from orders.tests.factories import make_finished_order, make_order, make_ticket


@pytest.fixture
def attendee(bob, free_ticket):
    return make_finished_order(free_ticket, by=bob).attendees.get()


def rows(attendee):
    return list(attendee.scans.order_by("pk").values_list("verdict", "gate", "by_name"))


def codes_of_refusals(event):
    return list(Scan.objects.filter(event=event, verdict="refused").order_by("pk").values_list("reason", flat=True))


def test_a_ticket_lets_in_once_and_the_second_scan_says_when_where_and_by_whom(ada, cora, event, attendee):
    first = scan(event, attendee.code, by=ada, gate="Quay gate")
    second = scan(event, attendee.code, by=cora, gate="Main door")
    assert [(one.kind, one.title, one.name) for one in (first, second)] == [
        ("in", "Let in", "Bob Example"),
        ("again", "Already in", "Bob Example"),
    ]
    entered = timezone.now().astimezone(event.zone)
    assert second.detail in {
        f"Entered {moment:%H:%M} at Quay gate, just now, scanned by {ada.name}."
        for moment in (entered, entered - timedelta(minutes=1))
    }
    assert rows(attendee) == [("in", "Quay gate", ada.name), ("again", "Main door", cora.name)]


def test_old_apps_read_the_entry_in_its_times(ada, event, attendee):
    scan(event, attendee.code, by=ada)
    attendee.refresh_from_db()
    assert attendee.is_checked_in
    assert attendee.checkin_times.endswith("Z")


def test_a_code_is_read_as_people_and_scanners_type_it(ada, event, attendee):
    assert scan(event, f"  {attendee.code.lower()[:10]} {attendee.code[10:]}\n", by=ada).kind == "in"


@pytest.mark.parametrize("text", ["", "nonsense", "x" * 5000, "\x00", "' OR 1=1 --", "A1-99999999999999999999", "🙂"])
def test_what_is_no_code_of_ours_is_refused_and_written_down(ada, event, attendee, text):
    event.has_plain_ticket_codes = True
    verdict = scan(event, text, by=ada)
    assert (verdict.kind, verdict.reason, verdict.attendee) == ("refused", "unknown-code", None)
    assert codes_of_refusals(event) == ["unknown-code"]


def test_a_ticket_of_another_event_says_that_and_nothing_more(ada, bob, event):
    elsewhere = make_event(owner=ada, name="Secret Dinner")
    other = make_finished_order(make_ticket(elsewhere), by=bob).attendees.get()
    verdict = scan(event, other.code, by=ada)
    assert (verdict.reason, verdict.attendee, verdict.name) == ("other-event", None, "")
    assert verdict.detail == "This is a ticket of another event."
    row = Scan.objects.get()
    assert (row.event, row.attendee) == (event, None)


def test_an_older_copy_of_a_ticket_is_told_from_a_stranger_s_code(ada, event, attendee):
    old = attendee.code
    change_holder(attendee, by=ada, changes={"firstname": "Jonas"})
    verdict = scan(event, old, by=ada)
    assert (verdict.kind, verdict.reason, verdict.name) == ("refused", "reissued", "Jonas Example")
    assert verdict.detail.startswith("An older copy of this ticket: a newer one was issued ")
    attendee.refresh_from_db()
    assert scan(event, attendee.code, by=ada).kind == "in"


def test_a_code_that_was_replaced_lets_nobody_in_whoever_replaced_it(ada, bob, event, attendee):
    first = attendee.code
    second = reissue_ticket(attendee, by=bob).code
    third = reissue_ticket(attendee, by=ada).code
    assert [scan(event, code, by=ada).reason for code in (first, second)] == ["reissued"] * 2
    assert scan(event, third, by=ada).kind == "in"


def test_an_older_copy_of_a_ticket_that_is_void_says_why_it_is(ada, bob, event, attendee):
    old = attendee.code
    reissue_ticket(attendee, by=ada)
    cancel_order(attendee.order, by=ada)
    assert scan(event, old, by=ada).reason == "order-cancelled"


def test_each_reason_to_send_somebody_away_is_named(ada, bob, root, event, free_ticket, paid_ticket):
    def ticket_of(order):
        return order.attendees.get()

    cancelled = ticket_of(make_finished_order(free_ticket, by=bob))
    cancel_order(cancelled.order, by=ada)
    unpaid = ticket_of(make_finished_order(paid_ticket, by=bob, mode="bank"))
    unfinished = ticket_of(make_order(free_ticket, by=bob))
    removed = make_finished_order((free_ticket, 2), by=bob).attendees.first()
    remove_attendee(removed, by=ada)
    here = [scan(event, one.code, by=ada) for one in (cancelled, unpaid, unfinished, removed)]
    assert [one.reason for one in here] == ["order-cancelled", "not-paid", "not-ordered", "ticket-removed"]
    now = timezone.now().astimezone(event.zone)
    assert here[0].detail in {
        f"The order was cancelled {moment:%H:%M}." for moment in (now, now - timedelta(minutes=1))
    }
    elsewhere = ticket_of(make_finished_order(paid_ticket, by=bob, mode="onsite"))
    wrong = scan(event, elsewhere.code, by=ada, tickets={free_ticket.pk})
    assert (wrong.reason, wrong.detail) == ("wrong-list", "This door does not let in Standard.")
    assert codes_of_refusals(event) == [*(one.reason for one in here), "wrong-list"]
    right = scan(event, elsewhere.code, by=ada, tickets={free_ticket.pk, paid_ticket.pk})
    assert (right.kind, right.detail) == ("in", "Not paid yet: they pay at the door.")


def test_the_door_hears_what_is_still_to_be_paid_since_a_ticket_was_changed(ada, bob, event, free_ticket):
    order = make_finished_order(free_ticket, by=bob)
    change_ticket(order.attendees.get(), ticket=make_ticket(event, name="Dinner", price="35.00"), by=ada)
    entry = scan(event, order.attendees.get().code, by=ada)
    assert (entry.kind, entry.detail) == ("in", "€35.00 of this order is still to be paid.")


def test_an_event_that_was_deleted_lets_nobody_in(event, attendee):
    event.hide()
    attendee.refresh_from_db()
    assert check_in(attendee, by=SERVER).reason == "event-deleted"


def test_a_ticket_that_is_paid_later_lets_in(ada, bob, event, paid_ticket):
    attendee = make_finished_order(paid_ticket, by=bob, mode="bank").attendees.get()
    assert scan(event, attendee.code, by=ada).reason == "not-paid"
    mark_paid(attendee.order, by=ada)
    assert scan(event, attendee.code, by=ada).kind == "in"


def test_an_entry_is_taken_back_once_and_its_row_stays(ada, event, attendee):
    scan(event, attendee.code, by=ada, gate="Main door")
    assert [undo_check_in(attendee, by=ada).kind for _ in range(2)] == ["undone", "refused"]
    attendee.refresh_from_db()
    assert (attendee.is_checked_in, attendee.checkin_times) == (False, None)
    assert [verdict for verdict, *_ in rows(attendee)] == ["in", "undone", "refused"]
    assert scan(event, attendee.code, by=ada).kind == "in"


def test_whoever_goes_out_may_come_back(ada, event, attendee):
    ways = [False, True, True, False, False]
    kinds = [scan(event, attendee.code, by=ada, out=out).kind for out in ways]
    assert kinds == ["in", "out", "refused", "in", "again"]
    attendee.refresh_from_db()
    assert (attendee.is_checked_in, attendee.is_checked_out) == (True, False)
    assert (len(attendee.checkin_times.split(",")), len(attendee.checkout_times.split(","))) == (2, 1)
    assert check_out(attendee, by=ada).kind == "out"
    assert undo_check_in(attendee, by=ada).reason == "not-in"


def test_undo_takes_back_the_last_stay_alone(ada, event, attendee):
    check_in(attendee, by=ada)
    check_out(attendee, by=ada)
    check_in(attendee, by=ada)
    undo_check_in(attendee, by=ada)
    attendee.refresh_from_db()
    assert (attendee.is_checked_in, attendee.is_checked_out) == (False, True)
    assert len(attendee.checkin_times.split(",")) == 1


def test_somebody_who_slipped_out_is_let_in_again_on_purpose_and_that_is_written_down(ada, event, attendee):
    check_in(attendee, by=ada)
    assert check_in(attendee, by=ada, again=True).kind == "in"
    assert list(attendee.scans.order_by("pk").values_list("verdict", "reason")) == [("in", ""), ("in", "again")]


def test_a_device_whose_clock_is_fast_does_not_keep_anybody_out(ada, event, attendee):
    tomorrow = (timezone.now() + timedelta(days=1)).isoformat()
    check_in(attendee, by=ada)
    change_holder(attendee, by=ada, changes={"checkout_times": tomorrow})
    assert check_in(attendee, by=ada).kind == "in"
    attendee.refresh_from_db()
    assert attendee.is_checked_in


def test_a_whole_order_comes_in_at_once_and_each_holder_has_a_verdict(ada, bob, free_ticket, paid_ticket):
    order = make_finished_order((free_ticket, 2), paid_ticket, by=bob, mode="onsite")
    first = order.attendees.first()
    check_in(first, by=ada)
    kinds = [(one.attendee.pk == first.pk, one.kind) for one in check_in_order(order, by=ada, gate="Main door")]
    assert kinds == [(True, "again"), (False, "in"), (False, "in")]
    assert not order.attendees.filter(is_checked_in=False).exists()


def test_only_who_works_there_lets_in(ada, bob, eve, root, event, attendee):
    give_role(eve, make_event(owner=eve), "registrar")
    for who in (bob, eve):
        for verb in (lambda by: scan(event, attendee.code, by=by), lambda by: check_in(attendee, by=by)):
            with pytest.raises(Refused, match="team and its registrars"):
                verb(who)
        with pytest.raises(Refused):
            check_in_order(attendee.order, by=who)
        with pytest.raises(Refused):
            undo_check_in(attendee, by=who)
    assert not Scan.objects.exists()
    give_role(eve, event, "registrar")
    assert [scan(event, attendee.code, by=who).kind for who in (eve, root)] == ["in", "again"]


def test_rows_of_scans_are_never_changed_or_removed(ada, event, attendee):
    row = scan(event, attendee.code, by=ada).scan
    for change in (
        lambda: Scan.objects.update(verdict="refused"),
        lambda: Scan.objects.all().delete(),
        lambda: row.delete(),
        lambda: row.save(),
        lambda: Scan.objects.bulk_update([row], ["gate"]),
    ):
        with pytest.raises(TypeError):
            change()
    assert Scan.objects.get() == row


def test_a_scan_takes_few_queries(ada, event, attendee, django_assert_num_queries):
    """Find, write the times, the row, the counter; a test adds the two of a savepoint."""
    scan(event, "warm", by=ada)
    with django_assert_num_queries(4 + 2):
        scan(event, attendee.code, by=ada)
    with django_assert_num_queries(4 + 2):
        scan(event, attendee.code, by=ada)


# ── The form of code that the old Organizer app reads ────────────────────────────────────────────


def plain_code(attendee):
    return f"{attendee.order.identifier}-{attendee.pk}"


def test_an_event_may_print_codes_that_the_old_app_reads(ada, event, attendee):
    order = Order.objects.get(pk=attendee.order_id)
    assert [paper.code for paper in ticket_papers(order, [attendee])] == [attendee.code]
    event.has_plain_ticket_codes = True
    event.save()
    order = Order.objects.get(pk=attendee.order_id)
    papers = ticket_papers(order, list(order.attendees.select_related("ticket")))
    assert [paper.code for paper in papers] == [plain_code(attendee)]


def test_plain_codes_open_the_door_only_where_the_event_wants_them(ada, event, attendee):
    assert scan(event, plain_code(attendee), by=ada).reason == "unknown-code"
    event.has_plain_ticket_codes = True
    assert scan(event, plain_code(attendee), by=ada).kind == "in"
    assert scan(event, attendee.code, by=ada).kind == "again"


def test_a_plain_code_needs_both_its_halves(ada, bob, event, free_ticket, attendee):
    event.has_plain_ticket_codes = True
    other = make_finished_order(free_ticket, by=bob).attendees.get()
    assert scan(event, f"{attendee.order.identifier}-{other.pk}", by=ada).reason == "unknown-code"


def test_a_plain_code_survives_a_reissue_which_is_what_it_costs(ada, event, attendee):
    event.has_plain_ticket_codes = True
    change_holder(attendee, by=ada, changes={"firstname": "Jonas"})
    assert scan(event, plain_code(attendee), by=ada).kind == "in"


# ── What old apps send ───────────────────────────────────────────────────────────────────────────


def send(attendee, by, **changes):
    return change_holder(attendee, by=by, changes=changes)


def test_times_that_old_apps_send_are_rows_too_with_the_verdict_of_their_moment(ada, attendee):
    send(attendee, ada, checkin_times="2026-05-01T09:00:00Z", device_name_checkin="Quay gate")
    send(attendee, ada, checkout_times="2026-05-01T12:00:00Z", device_name_checkin="Quay gate,Main door")
    # A device that was out of reach comes late with what it saw: one before the others, one between.
    send(attendee, ada, checkin_times="2026-05-01T10:00:00Z,2026-05-01T08:00:00Z,2026-05-01T13:00:00Z")
    seen = attendee.scans.order_by("pk").values_list("verdict", "time__hour", "gate")
    assert list(seen) == [
        ("in", 9, "Quay gate"),
        ("out", 12, "Main door"),
        ("again", 10, "Main door"),
        ("in", 8, "Main door"),
        ("in", 13, "Main door"),
    ]
    attendee.refresh_from_db()
    assert attendee.is_checked_in
