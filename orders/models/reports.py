"""What the whole site sells, seen from one side each: by event, by place, by whoever sold it."""

from django.db.models import Min, Q
from django.db.models.functions import Coalesce

from accounts.models import User
from events.models import Event
from events.models.role import UsersEventsRoles
from events.rules import OWNER
from orders.models.codes import DiscountCode
from orders.models.invoice import EventInvoice
from orders.models.order import Order
from orders.rules import SALES

# Whose doing an order is: named by staff, or by the code that was typed.
SOLD_BY = Coalesce("marketer", "discount_code__marketer", "access_code__marketer")


class SalesByEvent(Event):
    policy = SALES

    class Meta:
        proxy = True
        verbose_name = "admin sales by events"


class SalesByOrganizer(User):
    """Everybody who owns an event."""

    policy = SALES

    class Meta:
        proxy = True
        verbose_name = "admin sales by organizers"

    @classmethod
    def live_rows(cls):
        owners = UsersEventsRoles.objects.filter(role__name=OWNER, event__deleted_at=None)
        return super().live_rows() & Q(pk__in=owners.values("user"))


class SalesByLocation(Event):
    """Of the events at one place the first stands for all."""

    policy = SALES

    class Meta:
        proxy = True
        verbose_name = "admin sales by location"

    @classmethod
    def live_rows(cls):
        places = Event.objects.filter(deleted_at=None).exclude(location_name=None).exclude(location_name="")
        firsts = places.order_by().values("location_name").annotate(first=Min("pk"))
        return Q(pk__in=firsts.values("first"))


class SalesByMarketer(User):
    """Everybody whose codes were used, or who is named as the marketer of an order."""

    policy = SALES

    class Meta:
        proxy = True
        verbose_name = "admin sales by marketer"

    @classmethod
    def live_rows(cls):
        orders = Order.objects.filter(deleted_at=None).annotate(sold_by=SOLD_BY).exclude(sold_by=None)
        return super().live_rows() & Q(pk__in=orders.values("sold_by"))


class SalesByDiscount(DiscountCode):
    """Every code that was used."""

    policy = SALES

    class Meta:
        proxy = True
        verbose_name = "admin sales discounted"

    @classmethod
    def live_rows(cls):
        return Q(pk__in=Order.objects.filter(deleted_at=None).exclude(discount_code=None).values("discount_code"))


class SalesInvoice(EventInvoice):
    policy = SALES

    class Meta:
        proxy = True
        verbose_name = "admin sales invoices"


class SalesFee(Event):
    policy = SALES

    class Meta:
        proxy = True
        verbose_name = "admin sales fees"
