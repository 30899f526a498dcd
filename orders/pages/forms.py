"""Who buys and who comes."""

from django import forms

REQUIRED = {"required": "Fill this in."}


def words(label, length=200, **options):
    auto = options.pop("auto", None)
    widget = forms.TextInput(attrs={"autocomplete": auto} if auto else {})
    return forms.CharField(label=label, max_length=length, widget=widget, error_messages=REQUIRED, **options)


def address(label, **options):
    widget = forms.EmailInput(attrs={"autocomplete": options.pop("auto", "off")})
    messages = {**REQUIRED, "invalid": "Enter a whole address, like mira@example.org."}
    return forms.EmailField(label=label, widget=widget, error_messages=messages, **options)


class BuyerForm(forms.Form):
    prefix = "buyer"

    firstname = words("First name", auto="given-name")
    lastname = words("Last name", auto="family-name")
    email = address(
        "E-mail", auto="email", help_text="Tickets go here, and you see them on the next page at once."
    )
    is_billing_enabled = forms.BooleanField(label="I buy for a company and need an invoice", required=False)
    company = words("Company", 400, required=False, auto="organization")
    tax_business_info = words("Tax number", 400, required=False)
    address = words("Street and number", 1000, required=False, auto="street-address")
    zipcode = words("Postcode", 50, required=False, auto="postal-code")
    city = words("Town", required=False, auto="address-level2")
    country = words("Country", required=False, auto="country-name")

    BILLING = ("company", "address", "zipcode", "city", "country")

    def __init__(self, *args, billing_is_needed=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.billing_is_needed = billing_is_needed

    def clean(self):
        given = super().clean()
        if self.billing_is_needed or given.get("is_billing_enabled"):
            for name in self.BILLING:
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, REQUIRED["required"])
        return given


class HolderForm(forms.Form):
    """One attendee: somebody of their own, or the buyer once more."""

    same = forms.BooleanField(required=False)
    firstname = words("First name")
    lastname = words("Last name")
    email = address("E-mail", required=False, help_text="They get their own ticket by mail.")

    def __init__(self, *args, number, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["same"].widget.attrs["data-same"] = f"own-{number}"

    def clean(self):
        given = super().clean()
        if not given.get("same"):
            return given
        self.errors.clear()  # whatever stands in the fields that are not meant
        return {"same": True}
