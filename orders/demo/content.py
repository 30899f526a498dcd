"""What the demo says: people, talks, tickets and words of an invented harbour town."""

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

ZONE = "Europe/Berlin"
TOWN = "Norrhaven"

# ── Sign-ins ───────────────────────────────────────────────────────────────────────────────────────

ACCOUNTS = {
    "root": {"first_name": "Robin", "last_name": "Root", "is_super_admin": True, "is_admin": True},
    "ada": {"first_name": "Ada", "last_name": "Lindqvist", "public_name": "Ada Lindqvist"},
    "cora": {"first_name": "Cora", "last_name": "Mbeki", "public_name": "Cora Mbeki"},
    "rosa": {"first_name": "Rosa", "last_name": "Okafor"},
    "bob": {"first_name": "Bob", "last_name": "Farrow"},
    "eve": {"first_name": "Eve", "last_name": "Stranger"},
}

# ── Catalog ────────────────────────────────────────────────────────────────────────────────────────

EVENT_TYPES = ("Conference", "Workshop", "Concert", "Meet-up", "Exhibition", "Festival", "Training", "Other")
EVENT_TOPICS = ("Technology", "Music", "Nature", "Art and craft", "Community", "Health", "Sports", "Science")

# ── The conference ─────────────────────────────────────────────────────────────────────────────────

CONFERENCE = {
    "identifier": "harbour1",
    "name": "Harbour Lights Open Tech Days",
    "description": (
        "<p><strong>Two days of practical talks about software that a town can run by itself.</strong></p>"
        "<p>Small teams keep libraries, ferries and clinics online. Harbour Lights is where they swap notes: "
        "what broke, what lasted, and what they would build again. Talks are 30 minutes with long breaks. "
        "Lunch, coffee and captions are included.</p>"
        "<p>Bring a laptop for the workshops in the Loft. Everything else needs only curiosity.</p>"
    ),
    "owner_name": "Ropeworks Collective",
    "owner_description": (
        "<p>Nine people and a kettle. We look after the Old Ropeworks, a hall by the water that the town "
        "lends to whoever wants to learn something together.</p>"
    ),
    "has_owner_info": True,
    "location_name": "The Old Ropeworks, Quay Street 12, 24103 Norrhaven",
    "searchable_location_name": TOWN,
    "latitude": 54.3245,
    "longitude": 10.1401,
    "is_map_shown": True,
    "refund_policy": (
        "Full refund until two weeks before the event. After that you can give your ticket to somebody else: "
        "change the name on your order page."
    ),
    "code_of_conduct": (
        "<p>Be kind, listen, and leave room for others. Harassment ends a visit. Tell anybody with a yellow "
        'scarf, or write to <a href="mailto:care@harbour.example.org">care@harbour.example.org</a>.</p>'
    ),
    "after_order_message": (
        "<p>See you at the Ropeworks. Doors open at 08:45; tram 4 stops at Quay Street, 400 m from the door. "
        "The entrance on the quay side has no steps.</p>"
    ),
    "bank_details": (
        "Ropeworks Collective, Quayside Credit Union, IBAN DE02 1203 0000 0000 2020 51. "
        "Write your order number on the transfer, or we will not know that it is yours."
    ),
    "onsite_details": "Pay at the door, by card or in cash. We keep your place until 10:00 on the first day.",
    "invoice_details": "We send an invoice to the billing address. It is due in 14 days.",
    "can_pay_by_stripe": True,
    "can_pay_by_paypal": True,
    "can_pay_by_bank": True,
    "can_pay_onsite": True,
    "can_pay_by_invoice": True,
    "is_sessions_speakers_enabled": True,
    "is_cfs_enabled": True,
    "is_sponsors_enabled": True,
    "is_donation_enabled": True,
    "is_tax_enabled": True,
    "is_featured": True,
    "show_remaining_tickets": True,
}

CALL = (
    "<p>Tell us what you run, and what you learned while running it. First-time speakers are welcome: every "
    "accepted speaker gets a rehearsal partner, travel within the region, and soup.</p>"
)

TAX = {"name": "VAT", "rate": Decimal(19), "country": "Germany", "tax_id": "DE 00/000/00000"}


class TicketType(NamedTuple):
    name: str
    type: str
    price: Decimal
    quantity: int
    description: str
    options: dict = {}


TICKETS = (
    TicketType("Community pass", "free", Decimal(0), 400, "<p>Both days. For everybody who wants to come.</p>"),
    TicketType("Regular", "paid", Decimal(89), 250, "<p>Both days with lunch. Sent by an employer? Take this.</p>"),
    TicketType(
        "Supporter",
        "donation",
        Decimal(0),
        100,
        "<p>Both days, for what it is worth to you. It pays somebody else's train.</p>",
        {"min_price": Decimal(10), "max_price": Decimal(500)},
    ),
    TicketType(
        "Speaker's guest",
        "paid",
        Decimal(25),
        40,
        "<p>For those who come along with a speaker.</p>",
        {"is_hidden": True, "max_order": 2},
    ),
    TicketType(
        "Repair workshop",
        "paid",
        Decimal(35),
        40,
        "<p>A whole afternoon in the Loft, tools and lunch included. One bench each.</p>",
        {"max_order": 2},
    ),
)
LEFT_OF_LAST_TYPE = 3
TICKET_TAGS = ("Both days", "Add-on")
ACCESS_CODE = "CREW-GUEST"
DISCOUNT_CODE = "FRIENDS20"

SPONSORS = (
    ("Quayside Credit Union", "Gold", 1, "<p>Owned by those who bank there, since 1911.</p>"),
    ("Northlight Hosting", "Gold", 1, "<p>Forty racks, two windmills, no sales department.</p>"),
    ("City of Norrhaven", "Silver", 2, "<p>Lends the hall and the chairs.</p>"),
    ("Fern & Furrow", "Silver", 2, "<p>Grows the lunch.</p>"),
    ("Tern Letterpress", "Bronze", 3, "<p>Prints the badges, slowly and well.</p>"),
)

FAQS = (
    (
        "Where do I pick up my badge?",
        "<p>At the desk in the foyer of the Ropeworks, from 08:30. Bring your ticket, on paper or on screen.</p>",
    ),
    (
        "May somebody else come in my place?",
        "<p>Yes. Open your order and change the name on the ticket until the doors open.</p>",
    ),
    ("Is there a quiet room?", "<p>On the second floor, open all day. No phones.</p>"),
)
SOCIAL_LINKS = (
    ("Website", "https://harbour.example.org"),
    ("Mastodon", "https://social.example.org/@harbour"),
    ("Videos", "https://videos.example.org/harbour"),
)

TRACKS = (
    ("Public services", "#3f45c9"),
    ("Infrastructure", "#0f6a40"),
    ("Design for everyone", "#b3261e"),
    ("Data and maps", "#1c5d99"),
    ("Community", "#f2bf63"),
    ("Hands-on", "#6b3fa0"),
)

ROOMS = (  # name, floor, room
    ("Main Hall", 0, "The long room"),
    ("Dock 2", 0, "East wing"),
    ("Net Room", 1, "Above the café"),
    ("Loft", 2, "Under the roof"),
    ("Courtyard", 0, "Outside"),
)

KINDS = {"Keynote": 45, "Talk": 30, "Workshop": 90, "Panel": 45, "Break": 60}  # minutes


PROGRAMME = tomllib.loads(Path(__file__).with_name("programme.toml").read_text(encoding="utf-8"))
SPEAKERS, TALKS = PROGRAMME["speaker"], PROGRAMME["talk"]

# ── Two smaller events ─────────────────────────────────────────────────────────────────────────────

CONCERT = {
    "identifier": "lowtide1",
    "name": "Low Tide Orchestra plays Night Ferry",
    "description": ("<p>Twelve strings, two accordions and a foghorn. One set, no interval, home before midnight.</p>"),
    "owner_name": "Kelder Hall",
    "has_owner_info": True,
    "location_name": "Kelder Hall, Norrhaven",
    "searchable_location_name": TOWN,
    "can_pay_onsite": True,
    "onsite_details": "Pay at the box office, by card or in cash, until half an hour before the concert.",
}
CONCERT_TICKETS = (
    TicketType("Seat", "paid", Decimal(18), 120, "<p>Free choice of seats.</p>"),
    TicketType("Standing", "paid", Decimal(9), 60, "<p>At the back, near the bar.</p>"),
)
FORUM = {
    "identifier": "gardens1",
    "name": "Rain Gardens: city water forum",
    "description": ("<p>Where the rain goes, and where it could go. Short talks, then a walk along the canal.</p>"),
    "online": True,
}
FORUM_TICKETS = (TicketType("Place", "free", Decimal(0), 80, "<p>The walk starts at the lock.</p>"),)

LONGEST = {
    "identifier": "longest1",
    "name": "Every Quay at Once",
    "description": "<p>Twenty stages along the water, for as many days as there are talks.</p>",
    "location_name": "The whole waterfront, Norrhaven",
    "searchable_location_name": TOWN,
    "is_sessions_speakers_enabled": True,
}

# ── A crowd ────────────────────────────────────────────────────────────────────────────────────────

NAMES = """
    Mira Dario Anouk Pavel Siân Björn Ayşe Tomás Ngozi Hiroshi Zoë Łukasz Irina Omar Freya Mateo Chloé Kwame
    Vera Solveig Rafael Nia Ole Ruth Idris Paula Jens Amit Lotte Femi Ана Борис Ελένη 明 小雨 سارة كريم 지우
"""
SURNAMES = """
    Aalto Brückner Castellanos Dupont Eriksen Fontaine Grünewald Hoekstra Ivanov Jankowski Kovács Lindgren
    Müller Nowak O’Neill Pérez Quist Rossi Şahin Tanaka Vargas Weiß Żak Иванова Шевченко Παππάς 王 李 حداد 김
"""
TOWNS = """
    Almwood Brackwater Carrow Dunmere Elderby Fenwick Gullhaven Hollin Ismark Juniper Kelder Larkfield Marrow
    Norrhaven Orrin Pellworth Quarry Ravenel Saltby Thornes Umber Vesper Westmark Yarrow
"""
SUBJECTS = """
    Ferries Backups Timetables Forms Maps Queues Captions Addresses Certificates Newsletters Archives Sensors
    Calendars Payments Translations Passwords
"""
FIRST_NAMES, LAST_NAMES, TOWNS, SUBJECTS = (words.split() for words in (NAMES, SURNAMES, TOWNS, SUBJECTS))
PROMISES = (
    "for small teams",
    "without tears",
    "after ten years",
    "on one machine",
    "with volunteers",
    "that people understand",
    "in the rain",
    "from scratch",
)
SMALL_EVENTS = (  # name, type, topic
    ("Open studio weekend", "Exhibition", "Art and craft"),
    ("Bread and birdsong walk", "Meet-up", "Nature"),
    ("Code for beginners", "Workshop", "Technology"),
    ("Village choir night", "Concert", "Music"),
    ("Neighbours' repair day", "Workshop", "Community"),
    ("Maps without borders", "Meet-up", "Technology"),
    ("Half-marathon on the dyke", "Festival", "Sports"),
    ("First aid in an afternoon", "Training", "Health"),
)
