"""The buyer's summary: what was bought, what it cost, and how to pay if it is not paid yet."""

from openevent.core.money import format_money
from orders.documents.drawing import draw, logo_picture, type_size
from orders.documents.papers import OrderPaper, every_text


def order_summary_pdf(paper: OrderPaper) -> bytes:
    def money(amount):
        sign = "−" if amount < 0 else ""
        return sign + format_money(abs(amount), paper.currency)

    context = {
        "paper": paper,
        "logo": logo_picture(paper.logo),
        "lines": [(line.name, line.quantity, money(line.amount)) for line in paper.lines],
        "sums": [(words, money(amount)) for words, amount in paper.sums],
        "total": money(paper.total),
        "event_size": type_size(paper.event_name, line=27),
    }
    title = f"{paper.event_name}: order {paper.order_identifier}"
    return draw("pdf/order_summary.html", context, title=title, text=every_text([paper]))
