"""The taxes of an event: a section of its settings that knows what is sold."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import path

from events.models import Event
from events.pages.manage.access import manages
from events.pages.manage.settings_forms import SettingsForm, without_switched_off
from openevent.core.atomic import atomic
from openevent.core.cleaning import plain
from openevent.core.form_errors import errors_of
from openevent.core.form_fields import REQUIRED, drawn
from orders.models import Tax
from orders.services.change_tax import change_tax

INVOICE = (
    *("registered_company", "contact_name", "address", "zip", "city", "state", "country"),
    *("phone", "email", "invoice_footer"),
)


class TaxForm(SettingsForm):
    groups = (
        ("Tax", "", ("is_tax_enabled", "name", "rate", "is_tax_included_in_price", "tax_id")),
        ("Invoices", "Who sells, as it stands on invoices.", ("should_send_invoice", *INVOICE)),
    )
    shown_by = {
        **dict.fromkeys(
            ("name", "rate", "is_tax_included_in_price", "tax_id", "should_send_invoice"), "is_tax_enabled"
        ),
        **dict.fromkeys(INVOICE, "should_send_invoice"),
    }

    is_tax_enabled = forms.BooleanField(
        label="Prices are taxed", required=False, help_text="Orders that are made already keep their sums."
    )

    class Meta:
        model = Tax
        fields = ("name", "rate", "is_tax_included_in_price", "tax_id", "should_send_invoice", *INVOICE)
        labels = {
            "name": "Name of the tax",
            "rate": "Rate in per cent",
            "is_tax_included_in_price": "Prices include it",
            "tax_id": "Your tax number",
            "should_send_invoice": "Buyers can have an invoice",
            "registered_company": "Company",
            "contact_name": "Contact",
            "address": "Street and number",
            "zip": "Postcode",
            "city": "Town",
            "state": "State or region",
            "email": "E-mail",
            "invoice_footer": "At the foot of every invoice",
        }
        help_texts = {
            "name": "As buyers know it, like VAT.",
            "is_tax_included_in_price": "Otherwise it comes on top of them.",
        }
        widgets = {"invoice_footer": forms.Textarea(attrs={"rows": 3})}
        formfield_callback = drawn

    def __init__(self, *args, event, **options):
        super().__init__(*args, **options)
        self.initial["is_tax_enabled"] = event.is_tax_enabled
        self.fields["name"].required = True
        self.fields["name"].error_messages["required"] = REQUIRED
        self.initial["rate"] = f"{self.instance.rate.normalize():f}" if self.instance.pk else None

    def clean_name(self):
        if name := plain(self.cleaned_data["name"]):
            return name
        raise forms.ValidationError(REQUIRED)

    def clean(self):
        return without_switched_off(self, super().clean())

    def given(self):
        is_on = self.cleaned_data["is_tax_enabled"]
        return {name: self.cleaned_data[name] for name in self.Meta.fields} if is_on else {}


@manages("team")
def taxes(request, event):
    with atomic():
        form = TaxForm(**_for(request, event), event=event)
        if request.method == "POST" and form.is_valid():
            change_tax(event, by=request.user, enabled=form.cleaned_data["is_tax_enabled"], **form.given())
            messages.success(request, "Taxes: saved.")
            return redirect(request.path)
    context = {"event": event, "form": form, "title": "Taxes", "errors": errors_of(form)}
    return render(request, "manage/settings/section.html", context)


def _for(request, event):
    """The row in the database now, behind the event's lock if it is to be saved; none yet: an empty one."""
    if request.method == "POST":
        Event.objects.select_for_update(no_key=True).get(pk=event.pk)
    tax = Tax.objects.filter(event=event, deleted_at=None).first() or Tax(event=event)
    return {"instance": tax, **({"data": request.POST} if request.method == "POST" else {})}


urlpatterns = [
    path("<slug:identifier>/settings/taxes", taxes, {"section": "manage-settings"}, name="manage-settings-taxes")
]
