"""“I lost the mail”: an address is typed, and whoever reads its mail gets the links. The page never says who bought."""

from django import forms
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.models import normalise_email
from openevent.core.atomic import after_commit
from openevent.core.limits import client_address, limit
from orders.pages.forms import address
from orders.tasks import send_order_links


class AddressForm(forms.Form):
    email = address("E-mail", auto="email", help_text="The one that you bought with.")


def find_orders(request):
    """The same answer after the same work, whether or not the address has orders: the worker looks, not the page."""
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asked = normalise_email(form.cleaned_data["email"])
        limit("find-orders-from", client_address(request), "20/h")
        limit("find-orders", asked, "3/h")
        after_commit(send_order_links, asked)
        return redirect(f"{reverse('find-orders')}?sent=1")
    return render(request, "orders/find.html", {"form": form, "sent": bool(request.GET.get("sent"))})
