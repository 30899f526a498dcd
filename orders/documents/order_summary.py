"""The buyer's summary: what was bought, what it cost, and how to pay if it is not paid yet."""

from openevent.core.money import format_money
from orders.documents.drawing import draw, logo_picture
from orders.documents.papers import OrderPaper, every_text


def order_summary_pdf(paper: OrderPaper) -> bytes:
    def money(amount):
        return format_money(amount, paper.currency, paper.language)

    context = {
        "paper": paper,
        "logo": logo_picture(paper.logo),
        "lines": [(line.name, line.quantity, money(line.amount)) for line in paper.lines],
        "sums": [(words, money(amount)) for words, amount in paper.sums],
        "total": money(paper.total),
    }
    return draw("pdf/order_summary.html", context, title=f"Order {paper.order_identifier}", text=every_text([paper]))
