"""What the sections of an event's settings ask, one form a section."""

from zoneinfo import ZoneInfo, available_timezones

from django import forms

from events.models import Event, EventTopic, EventType
from events.models.event import check_dates
from events.services.change_event import why_kept
from events.services.currencies import CURRENCIES
from openevent.core.cleaning import plain
from openevent.core.editing import EditForm
from openevent.core.form_errors import ask
from openevent.core.form_fields import REQUIRED, LocalMoment, drawn

ZONES = sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))
PARAGRAPHS = "An empty line begins a paragraph."


class SettingsForm(EditForm):
    """`groups` says under which heading fields stand: (heading, lead, names)."""

    groups: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    shown_by: dict[str, str] = {}  # {field: the switch that it belongs to}

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        for field in self.fields.values():
            if isinstance(field, LocalMoment):
                field.zone = self.instance.zone
                field.help_text = f"{field.help_text} {zone_words(self.instance)}".strip()

    def sections(self):
        return [(title, lead, [self.row(name) for name in names]) for title, lead, names in self.groups]

    def row(self, name):
        switch = self.shown_by.get(name)
        return {"field": self[name], "shown_by": self[switch].id_for_label if switch else ""}

    def given(self):
        """What differs from the row, as the service takes it."""
        return {name: self.cleaned_data[name] for name in self.changed_data if name in self._meta.fields}


def without_switched_off(form, given):
    """What belongs to a switch that is off need not be filled in."""
    for name, switch in form.shown_by.items():
        if not given.get(switch) and name in form.errors:
            del form.errors[name]
            given[name] = form.initial.get(name)
    return given


def zone_words(event):
    return f"On the event’s clocks: {event.timezone.replace('_', ' ')}."


class BasicsForm(SettingsForm):
    groups = (
        ("The event", "", ("name", "description", "event_type", "event_topic", "external_event_url")),
        ("Who sees it", "", ("privacy",)),
        ("Pictures", "", ("original_image_url", "logo_url")),
        ("Who organizes it", "", ("owner_name", "owner_description", "code_of_conduct")),
    )

    event_type = forms.ModelChoiceField(
        EventType.objects.filter(deleted_at=None).order_by("name"), label="Kind", required=False
    )
    event_topic = forms.ModelChoiceField(
        EventTopic.objects.filter(deleted_at=None).order_by("name"), label="Topic", required=False
    )

    class Meta:
        model = Event
        fields = (
            *("name", "description", "event_type", "event_topic", "external_event_url", "privacy"),
            *("original_image_url", "logo_url", "owner_name", "owner_description", "code_of_conduct"),
        )
        labels = {
            "external_event_url": "The event’s own website",
            "privacy": "Visibility",
            "original_image_url": "Address of the title picture",
            "logo_url": "Address of the logo",
            "owner_name": "Name of the organizer",
            "owner_description": "About the organizer",
        }
        help_texts = {
            "name": "Visitors, tickets and mails call it this.",
            "description": PARAGRAPHS,
            "privacy": "Public: listed, and found by everybody once it is published. "
            "Private: never listed, and open to whoever has its address.",
            "original_image_url": "It begins with https://. Visitors see pictures that are kept on this server.",
            "owner_description": PARAGRAPHS,
            "code_of_conduct": "Shown on the event’s page. " + PARAGRAPHS,
        }
        formfield_callback = drawn

    def clean_name(self):
        name = plain(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(REQUIRED)
        return name

    def given(self):
        given = super().given()
        if {"owner_name", "owner_description"} & given.keys():
            given["has_owner_info"] = bool(self.cleaned_data["owner_name"] or self.cleaned_data["owner_description"])
        if "original_image_url" in given:  # what was drawn of the picture before
            given |= dict.fromkeys(("large_image_url", "thumbnail_image_url", "icon_image_url"))
        return given


class PlaceForm(SettingsForm):
    groups = (
        ("Where it is", "", ("location_name", "searchable_location_name", "online")),
        ("On the map", "", ("latitude", "longitude", "is_map_shown")),
    )

    class Meta:
        model = Event
        fields = ("location_name", "searchable_location_name", "online", "latitude", "longitude", "is_map_shown")
        labels = {
            "location_name": "Venue",
            "searchable_location_name": "Town",
            "online": "It takes place online, only or too",
            "is_map_shown": "Show where it is on a map",
        }
        help_texts = {
            "location_name": "With its address, as visitors need it to find the door.",
            "searchable_location_name": "Visitors look for events by it.",
            "latitude": "In degrees, like 54.3215. Northern ones are positive.",
            "longitude": "In degrees, like 10.1348. Eastern ones are positive.",
        }
        formfield_callback = drawn

    def clean(self):
        given = super().clean()
        missing = [name for name in ("latitude", "longitude") if given.get(name) is None and name not in self.errors]
        if len(missing) == 1 or (missing and given.get("is_map_shown")):
            self.add_error(missing[0], "A point on the map needs both.")
        return given


class DatesForm(SettingsForm):
    groups = (("When it is", "", ("starts_at", "ends_at", "timezone")),)

    timezone = forms.ChoiceField(
        label="Time zone",
        choices=[("UTC", "UTC"), *((zone, zone) for zone in ZONES)],
        help_text="The clocks where the event is. You see what else moves before anything is saved.",
    )

    class Meta:
        model = Event
        fields = ("starts_at", "ends_at", "timezone")
        labels = {"starts_at": "Starts", "ends_at": "Ends"}
        formfield_callback = drawn

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        known = self.instance.timezone
        if known not in dict(self.fields["timezone"].choices):
            self.fields["timezone"].choices = [(known, known), *self.fields["timezone"].choices]
        wanted = self.data.get("timezone") if self.is_bound else known
        zone = wanted if wanted in dict(self.fields["timezone"].choices) else known
        for name in ("starts_at", "ends_at"):
            self.fields[name].zone = ZoneInfo(zone)  # typed and read on the new clocks
            self.fields[name].help_text = ""

    def clean(self):
        given = super().clean()
        if "starts_at" in given and "ends_at" in given:
            ask(self, check_dates, given["starts_at"], given["ends_at"])
        return given

    def walls(self):
        """What the event's clocks shall say."""
        zone = ZoneInfo(self.cleaned_data["timezone"])
        starts, ends = (self.cleaned_data[name].astimezone(zone) for name in ("starts_at", "ends_at"))
        return {"zone": zone.key, "starts": starts.replace(tzinfo=None), "ends": ends.replace(tzinfo=None)}


class TicketsForm(SettingsForm):
    groups = (
        (
            "What buyers may do by themselves",
            "Nobody has to write to you for this.",
            ("holders_change_until", "buyers_may_cancel", "buyers_cancel_until", "buyers_get_money_back"),
        ),
        ("What buyers read", "", ("show_remaining_tickets", "after_order_message", "refund_policy")),
        ("At the door", "", ("has_plain_ticket_codes",)),
    )
    shown_by = dict.fromkeys(("buyers_cancel_until", "buyers_get_money_back"), "buyers_may_cancel")

    class Meta:
        model = Event
        fields = (
            *("holders_change_until", "buyers_may_cancel", "buyers_cancel_until", "buyers_get_money_back"),
            *("show_remaining_tickets", "after_order_message", "refund_policy", "has_plain_ticket_codes"),
        )
        labels = {
            "holders_change_until": "Names on tickets can change until",
            "buyers_may_cancel": "Buyers may cancel their orders",
            "buyers_cancel_until": "Orders can be cancelled until",
            "buyers_get_money_back": "Paid orders too, and what was paid goes back",
            "show_remaining_tickets": "Show how many tickets are left",
            "after_order_message": "What to know after ordering",
            "has_plain_ticket_codes": "Tickets that the old Organizer app can read",
        }
        help_texts = {
            "holders_change_until": "Left empty: until the event starts.",
            "buyers_cancel_until": "Left empty: until the event starts.",
            "buyers_get_money_back": "All of it, the way it was paid; what you took by hand you give back yourself. "
            "Otherwise you alone cancel paid orders.",
            "after_order_message": "On the page and in the mail of every order. " + PARAGRAPHS,
            "refund_policy": "On the event’s page: until when, and how much of it.",
            "has_plain_ticket_codes": "Their codes are easy to guess, and a ticket that was given to somebody else "
            "still opens the door with its old code. Leave it off unless your door works with that app.",
        }
        widgets = {"refund_policy": forms.Textarea(attrs={"rows": 4})}
        formfield_callback = drawn


WAYS = (  # (switch, instructions, what a buyer calls it)
    ("can_pay_by_bank", "bank_details", "Bank transfer", "Account holder, IBAN, and what to write."),
    ("can_pay_by_cheque", "cheque_details", "Cheque", "To whom it is made out, and where to send it."),
    ("can_pay_onsite", "onsite_details", "At the door", "What you take: cash, which cards."),
    ("can_pay_by_invoice", "invoice_details", "Invoice", "When the invoice comes, and how it is paid."),
)


class PaymentForm(SettingsForm):
    groups = (
        ("Money", "", ("payment_currency", "payment_country")),
        (
            "Providers",
            "Buyers pay on the provider’s own page, and have their tickets at once.",
            ("can_pay_by_stripe", "can_pay_by_paypal", "paypal_email"),
        ),
        (
            "Without a provider",
            "The order is placed, and its tickets go out when you mark it paid. Buyers read your instructions with it.",
            (*(name for way in WAYS for name in way[:2]), "payment_term"),
        ),
        ("For the books", "", ("is_billing_info_mandatory",)),
    )
    shown_by = {"paypal_email": "can_pay_by_paypal", **{details: switch for switch, details, _, _ in WAYS}}

    payment_currency = forms.ChoiceField(label="Currency")

    class Meta:
        model = Event
        fields = (
            *("payment_currency", "payment_country", "can_pay_by_stripe", "can_pay_by_paypal", "paypal_email"),
            *(name for way in WAYS for name in way[:2]),
            *("payment_term", "is_billing_info_mandatory"),
        )
        labels = {
            "payment_country": "Country",
            "can_pay_by_stripe": "Cards, through Stripe",
            "can_pay_by_paypal": "PayPal",
            "paypal_email": "Your address at PayPal",
            "payment_term": "Days to pay",
            "is_billing_info_mandatory": "Whoever pays gives a billing address",
            **{switch: words for switch, _, words, _ in WAYS},
            **{details: f"{words}: how it is done" for _, details, words, _ in WAYS},
        }
        help_texts = {
            "payment_country": "From where you sell.",
            "paypal_email": "The money goes there. Left empty: to this site’s account, and its operator pays it out.",
            **{details: hint for _, details, _, hint in WAYS},
            "payment_term": "Buyers are reminded three days before the end. Then the order expires and its places are "
            "on sale again. What is paid at the door is awaited there.",
        }
        widgets = {details: forms.Textarea(attrs={"rows": 3}) for _, details, _, _ in WAYS}
        formfield_callback = drawn

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        currency = self.fields["payment_currency"]
        now = self.instance.currency
        currency.choices = [(name, name) for name in sorted({*CURRENCIES, now})]
        self.initial["payment_currency"] = now
        if reason := why_kept(self.instance, "payment_currency"):
            currency.disabled, currency.help_text = True, reason

        for _, details, _, _ in WAYS:
            self.fields[details].required = True
            self.fields[details].error_messages["required"] = "Nobody can pay this way without it."

    def clean(self):
        return without_switched_off(self, super().clean())
