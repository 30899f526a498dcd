"""Links to papers that need no sign-in: made for one person and one paper, and good for five minutes.

A link says who asked for it. Whoever opens it gets what that person may have now, which is nothing once they may not.
"""

from collections.abc import Iterable

from accounts.models import User
from events.rules import coorganizes
from notifications.services.attachments import Attachment
from openevent.core.refusals import Refused
from openevent.core.tokens import read_claim, sign_claim
from orders.models import Order
from orders.rules import bought_it, holds_it
from orders.services.order_papers import NamedPaper, paper_called, papers_of, tickets_apart
from orders.services.papers import live_attendees

PURPOSE, SECONDS = "paper", 300


def papers_for(user: User, order: Order) -> list[NamedPaper]:
    """All of them for the buyer and the team, with each ticket by itself; one's own tickets for whoever comes."""
    if (coorganizes | bought_it)(user, order):
        return [*papers_of(order), *tickets_apart(order, live_attendees(order))]
    return tickets_apart(order, [one for one in live_attendees(order) if holds_it(user, one)])


def links_for(user: User, order: Order) -> Iterable[tuple[NamedPaper, str]]:
    for paper in papers_for(user, order):
        yield paper, sign_claim([user.pk, order.pk, paper.name], purpose=PURPOSE)


def read_link(link: str) -> Attachment:
    """The paper behind a link: 403 if it is none of ours, or no longer theirs for whom it was made; 410 if too old."""
    user_id, order_id, name = read_claim(link, purpose=PURPOSE, seconds=SECONDS)
    user = User.objects.get(pk=user_id)
    orders = Order.objects.visible_to(user).select_related("event", "discount_code")
    order = orders.filter(pk=order_id).first() if user.is_active else None
    if order is None or all(paper.name != name for paper in papers_for(user, order)):
        raise Refused("link-revoked", "This paper is no longer for you.", status=403)
    return paper_called(order, name)
