"""The site of the admin: who enters, by which door, under which policy, and what its first page tells.

It knows no app. Each app's `admin` module names the section of the navigation in which its lists stand, and adds its
questions to the first page.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from csp.constants import UNSAFE_EVAL
from csp.decorators import csp_update
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from unfold.sites import UnfoldAdminSite

# unfold's menus are Alpine's, which makes functions of texts in the page: these addresses allow it, no other does.
POLICY = {"script-src": [UNSAFE_EVAL]}
READING = ("GET", "HEAD", "OPTIONS")
SECTIONS = ("Selling", "Events", "People", "Mails and jobs", "Site", "Log")


@dataclass(frozen=True)
class Attention:
    """Something that may need a person: so many rows of a model, which are those that its list shows by this choice."""

    words: str
    model: type
    which: str  # a choice of the list's filter "which"
    icon: str = "error"
    is_bad: bool = True


@dataclass(frozen=True)
class Figure:
    """A number that tells how the site is doing, and the list that it counts, if it counts one."""

    words: str
    value: Any
    model: type | None = None
    query: str = ""


@dataclass(frozen=True)
class Days:
    """How many a day, oldest first: [(date, number)]."""

    words: str
    days: list


ATTENTION: list[Attention] = []
FIGURES: list[Callable[[], Iterable[Figure]]] = []
OVER_TIME: list[Callable[[], Days]] = []


def keeps(user) -> bool:
    """Whether somebody may change things here."""
    return user.is_active and user.is_authenticated and user.is_site_staff


def enters(user) -> bool:
    """Whether somebody may read everything here: those who keep the site, and those who audit it."""
    return user.is_active and user.is_authenticated and user.is_staff


class HouseSite(UnfoldAdminSite):
    index_title = "What needs attention"
    enable_nav_sidebar = True

    def register(self, model_or_iterable, admin_class=None, **options):
        """Only lists of ours: what libraries would show here goes round our rules and our log."""
        if getattr(admin_class, "is_ours", False):
            super().register(model_or_iterable, admin_class, **options)

    # ── Who enters ───────────────────────────────────────────────────────────────────────────────────

    def has_permission(self, request):
        return enters(request.user)

    def admin_view(self, view, cacheable=False):
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def guarded(request, *args, **kwargs):
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not self.has_permission(request):
                raise Http404
            if request.method not in READING and not keeps(request.user) and view != self.logout:
                raise PermissionDenied
            return inner(request, *args, **kwargs)

        return csp_update(POLICY)(guarded)

    def login(self, request, extra_context=None):
        """There is one sign-in page, with its limits: ours."""
        if request.user.is_authenticated:
            return redirect("admin:index")
        return redirect_to_login(reverse("admin:index"))

    def logout(self, request, extra_context=None):
        return _leave(request)

    def password_change(self, request, extra_context=None):
        return redirect("account_change_password")

    def password_change_done(self, request, extra_context=None):
        return redirect("admin:index")

    # ── What every page shows ────────────────────────────────────────────────────────────────────────

    def each_context(self, request):
        # Colours and corners are in a stylesheet of ours: unfold would write them into the page.
        return {**super().each_context(request), "colors": None, "border_radius": None}

    def get_sidebar_list(self, request):
        lists = [admin for admin in self._registry.values() if admin.has_module_permission(request)]
        lists.sort(key=lambda admin: (admin.order, str(admin.opts.verbose_name_plural)))
        home = {"title": "First page", "icon": "home", "link": reverse("admin:index"), "has_permission": True}
        home["active"] = request.path == home["link"]
        return [{"items": [home]}] + [
            {
                "title": section,
                "separator": True,
                "items": [self._line(admin, request) for admin in lists if admin.section == section],
            }
            for section in SECTIONS
        ]

    def _line(self, admin, request):
        link = list_address(admin.model)
        return {
            "title": str(admin.opts.verbose_name_plural).capitalize(),
            "icon": admin.icon,
            "link": link,
            "active": request.path.startswith(link),
            "has_permission": True,
        }

    def index(self, request, extra_context=None):
        context = {
            "attention": sorted((self._counted(line, request) for line in ATTENTION), key=_urgency),
            "figures": [_with_address(figure) for ask in FIGURES for figure in ask()],
            "over_time": [_with_bars(ask()) for ask in OVER_TIME],
        }
        return super().index(request, {**context, **(extra_context or {})})

    def _counted(self, line, request):
        """The number is asked of the very list that it opens."""
        admin = self._registry[line.model]
        number = admin.get_queryset(request).filter(admin.which[line.which].rows()).count()
        return {"line": line, "number": number, "address": f"{list_address(line.model)}?which={line.which}"}


@require_POST
@never_cache
def _leave(request):
    logout(request)
    return redirect("/")


def list_address(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def row_address(model, pk):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[pk])


def _urgency(counted):
    """First what is wrong, then what is new, then what is well."""
    return (not (counted["number"] and counted["line"].is_bad), not counted["number"])


def _with_address(figure):
    address = list_address(figure.model) + figure.query if figure.model else ""
    return {"words": figure.words, "value": figure.value, "address": address}


def _with_bars(found):
    """Where each bar of the drawing stands, in a box of 100 × 30."""
    most = max([number for _, number in found.days], default=0)
    width = 100 / max(len(found.days), 1)
    bars = [
        {
            "day": day,
            "number": number,
            "x": round(index * width, 2),
            "width": round(width * 0.8, 2),
            "height": (height := round(30 * number / most, 2) if most else 0),
            "y": round(30 - height, 2),
        }
        for index, (day, number) in enumerate(found.days)
    ]
    return {"words": found.words, "bars": bars, "most": most, "total": sum(bar["number"] for bar in bars)}
