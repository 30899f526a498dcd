"""Who buys, who comes, and what they answer."""

from django import forms
from django.core.exceptions import ValidationError

from openevent.core.form_errors import errors_of
from orders.payments import PROVIDERS, payments_offered
from orders.services.answers import check_answers, field_of, known_answers
from orders.services.questions import key_of, questions_of, questions_on

NAMES = ("firstname", "lastname", "email")
REQUIRED = {"required": "Fill this in."}
BILLING = (
    *("is_billing_enabled", "company", "tax_business_info"),
    *("address", "zipcode", "city", "country"),
)
NEEDED_BY_AN_INVOICE = ("company", "address", "zipcode", "city", "country")


def words(label, length=200, **options):
    auto = options.pop("auto", None)
    widget = forms.TextInput(attrs={"autocomplete": auto} if auto else {})
    return forms.CharField(label=label, max_length=length, widget=widget, error_messages=REQUIRED, **options)


def address(label, **options):
    widget = forms.EmailInput(attrs={"autocomplete": options.pop("auto", "off")})
    messages = {**REQUIRED, "invalid": "Enter a whole address, like mira@example.org."}
    return forms.EmailField(label=label, widget=widget, error_messages=messages, **options)


class BuyerForm(forms.Form):
    firstname = words("First name", auto="given-name")
    lastname = words("Last name", auto="family-name")
    email = address("E-mail", auto="email", help_text="Tickets go here, and you see them on the next page at once.")
    is_billing_enabled = forms.BooleanField(label="I buy for a company and need an invoice", required=False)
    company = words("Company", 400, required=False, auto="organization")
    tax_business_info = words("Tax number", 400, required=False)
    address = words("Street and number", 1000, required=False, auto="street-address")
    zipcode = words("Postcode", 50, required=False, auto="postal-code")
    city = words("Town", required=False, auto="address-level2")
    country = words("Country", required=False, auto="country-name")

    def __init__(self, *args, billing_is_needed=False, has_account=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].disabled = has_account  # which has one address
        self.billing_is_needed = billing_is_needed

    def clean(self):
        given = super().clean()
        if self.billing_is_needed or given.get("is_billing_enabled"):
            for name in NEEDED_BY_AN_INVOICE:
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, REQUIRED["required"])
        return given


class Asked(forms.Field):
    """What an event asks, as its question draws it. Its answer is checked by the service, with all the others."""

    def __init__(self, drawn):
        super().__init__(required=drawn.required, widget=drawn.widget, label=drawn.label, help_text=drawn.help_text)
        several = isinstance(drawn.widget, forms.CheckboxSelectMultiple)
        self.template_name = "orders/_boxes.html" if several else None

    def validate(self, value):
        pass


class WithAnswers(forms.Form):
    """Asks an attendee, besides what the form itself has, all that the event wants to know.

    `answers_given` is what `set_names` writes.
    """

    def __init__(self, *args, attendee, questions, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.attendee, self.questions, self.by = attendee, questions_on(attendee.ticket, questions), by
        self.initial = {**known_answers(attendee, self.questions), **self.initial}
        for question in self.questions:
            self.fields[key_of(question)] = Asked(field_of(question))

    def answers(self):
        """The fields of the event's questions."""
        return [self[key_of(question)] for question in self.questions]

    def check(self, given):
        keys = [key_of(question) for question in self.questions]
        try:
            typed = {key: given.get(key) for key in keys}
            self.answers_given = check_answers(
                self.attendee.event, typed, by=self.by, attendee=self.attendee, questions=self.questions
            )
        except ValidationError as wrong:
            self.add_error(None, wrong)


class HolderForm(WithAnswers):
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
        if given.get("same"):
            self.errors.clear()  # whatever stands in the fields that are not meant
        self.check(given)
        return given


class AnswersForm(WithAnswers):
    """What somebody answered, alone. The team may leave gaps."""

    def clean(self):
        given = super().clean()
        self.check(given)
        return given


class NameForm(AnswersForm):
    """Who comes on a ticket that is out already, and what they answered."""

    firstname = words("First name")
    lastname = words("Last name", required=False)
    email = address("E-mail", required=False, help_text="The new ticket goes there. The old one stops working.")

    def __init__(self, typed, *, attendee, by):
        known = {name: getattr(attendee, name) for name in NAMES}
        super().__init__(typed, initial=known, attendee=attendee, questions=questions_of(attendee.event), by=by)

    @property
    def changes(self):
        return {**{name: self.cleaned_data[name] for name in NAMES}, **self.answers_given}


class Details:
    """Everything that the second screen asks: the buyer, one form for each attendee, and how it is paid.

    With `check` off, what was typed is shown again as it is: for a button that is not “finish”.
    """

    def __init__(self, order, typed=None, *, by, check=True):
        self.order, self.typed, self.is_checked = order, typed, check and typed is not None
        offered = payments_offered(order.event) if order.amount else []
        self.modes = sorted(offered, key=lambda way: way.mode not in PROVIDERS)  # first what brings tickets at once
        only = self.modes[0].mode if len(self.modes) == 1 else ""
        self.mode = typed.get("payment_mode", "") if typed is not None else only
        self.refusals = []
        needs_billing = bool(order.amount) and order.event.is_billing_info_mandatory
        options = {"billing_is_needed": needs_billing, "has_account": bool(order.user_id)}
        self.buyer = self._form(BuyerForm, "buyer", self._known_buyer(), **options)
        self.holders = []
        types = set()
        attendees = order.attendees.filter(deleted_at=None).select_related("ticket").order_by("pk")
        questions = questions_of(order.event)
        for number, attendee in enumerate(attendees, 1):
            attendee.event = order.event
            known = {name: getattr(attendee, name) for name in NAMES}
            # The first ticket of each type is taken to be the buyer's own.
            known["same"] = not attendee.name and attendee.ticket_id not in types
            types.add(attendee.ticket_id)
            asked = {"attendee": attendee, "questions": questions, "by": by}
            form = self._form(HolderForm, f"holder-{attendee.pk}", known, number=number, **asked)
            self.holders.append({"number": number, "attendee": attendee, "form": form})

    def _known_buyer(self):
        names = {"firstname": self.order.first_name, "lastname": self.order.last_name, "email": self.order.email}
        return {**names, **{name: getattr(self.order, name) for name in BILLING}}

    def _form(self, kind, prefix, known, **options):
        if self.is_checked:
            return kind(self.typed, initial=known, prefix=prefix, **options)
        form = kind(initial=known, prefix=prefix, **options)
        if self.typed is not None:
            for name, field in form.fields.items():
                if field.disabled:
                    continue
                form.initial[name] = field.widget.value_from_datadict(self.typed, {}, form.add_prefix(name))
        return form

    def is_valid(self):
        wrong = [form for _, form in self._forms() if not form.is_valid()]  # all of them: each tells its own errors
        return not wrong and not self.mode_error

    @property
    def mode_error(self):
        wanting = self.is_checked and self.modes and self.mode not in [way.mode for way in self.modes]
        return "Choose how you pay." if wanting else ""

    @property
    def buyer_given(self):
        given = self.buyer.cleaned_data
        names = {"first_name": given["firstname"], "last_name": given["lastname"], "email": given["email"]}
        return {**names, **{name: given[name] for name in BILLING}} if self.order.amount else names

    @property
    def holders_given(self):
        buyer = self.buyer.cleaned_data
        given = {}
        for holder in self.holders:
            form = holder["form"]
            who = buyer if form.cleaned_data["same"] else form.cleaned_data
            given[holder["attendee"].pk] = {**{name: who[name] for name in NAMES}, **form.answers_given}
        return given

    @property
    def errors(self):
        """What the summary on top says, each with the field that it leads to."""
        found = [{"text": str(refused)} for refused in self.refusals]
        if not self.is_checked:
            return found
        for whose, form in self._forms():
            found += errors_of(form, whose)
        if self.mode_error:
            found.append({"link": f"mode-{self.modes[0].mode}", "label": "", "text": self.mode_error})
        return found

    def _forms(self):
        """Each form with the words that tell its fields from the same ones of the others."""
        return [("", self.buyer), *((f"Attendee {one['number']}, ", one["form"]) for one in self.holders)]
