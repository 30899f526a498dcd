"""What an event asks about its taxes, a part of the page on its money."""

from django import forms

from events.pages.manage.settings_forms import SettingsForm, without_switched_off
from openevent.core.cleaning import plain
from openevent.core.form_fields import REQUIRED, drawn
from orders.models import Tax

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
        self.fields["seen"].widget.attrs["id"] = "tax_seen"  # another form stands on the same page
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
