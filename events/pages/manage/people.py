"""Who helps at an event: the team's list, invitations, one person's role, and leaving."""

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse

from events.models import Event, Role, RoleInvite
from events.models.role_invite import PENDING
from events.pages.manage.access import manages
from events.rules import EVERY_ROLE, OWNER, RANKS, rank_of, reaches
from events.services.invites import invite, resend_invite, why_closed, withdraw_invite
from events.services.roles import MEANING, change_role, remove_role, roles_to_give
from notifications.models import Mail
from openevent.core.atomic import atomic
from openevent.core.form_errors import blame, errors_of
from openevent.core.refusals import Refused

ORDER = (*RANKS, "track_organizer", "moderator", "registrar")


class RoleForm(forms.Form):
    """Which role; the choices are those that whoever asks may give."""

    role = forms.ModelChoiceField(
        Role.objects.all(),
        to_field_name="name",
        error_messages={"required": "Choose a role.", "invalid_choice": "Choose one of the roles."},
    )

    def __init__(self, *args, names, **options):
        super().__init__(*args, **options)
        self.names = names
        self.fields["role"].queryset = Role.objects.filter(name__in=names)

    def offers(self):
        """Each role with what it lets somebody do."""
        titles = dict(Role.objects.filter(name__in=self.names).values_list("name", "title_name"))
        chosen = self["role"].value()
        return [(name, titles[name], MEANING[name], name == chosen) for name in self.names]


class InviteForm(RoleForm):
    field_order = ("email", "role")

    email = forms.EmailField(
        label="E-mail",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Fill this in.",
            "invalid": "Enter a whole address, like mira@example.org.",
        },
    )


@manages("team")
def people(request, event):
    form = InviteForm(names=roles_to_give(request.user, event))
    if request.method == "POST":
        verb = request.POST.get("verb")
        form = InviteForm(request.POST if verb == "invite" else None, names=form.names)
        if done := _do(request, event, verb, form):
            messages.success(request, done)
            return redirect("manage-people", event.identifier)
    return render(
        request,
        "manage/people/list.html",
        {
            "event": event,
            "team": team_of(event, request.user),
            "invites": invites_of(event, request.user),
            "form": form,
            "errors": errors_of(form),
        },
    )


def _do(request, event, verb, form):
    """Do what was asked for; what to say of it, or nothing if the form needs a change."""
    if verb == "invite":
        if not form.is_valid():
            return ""
        try:
            offer = invite(event, form.cleaned_data["email"], form.cleaned_data["role"], by=request.user)
        except Refused as refused:
            if refused.status == 403:
                raise
            blame(form, refused)
            return ""
        return f"{offer.email} is invited. The link works for seven days."
    offer = _invite_at(event, request.POST.get("invite", ""))
    if verb == "resend":
        resend_invite(offer, by=request.user)
        return f"A new link went to {offer.email}. The old one stopped working."
    if verb == "withdraw":
        withdraw_invite(offer, by=request.user)
        return f"The invitation of {offer.email} is withdrawn."
    raise Http404


def _invite_at(event, key):
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        raise Http404
    return get_object_or_404(event.role_invites.select_related("event", "role"), pk=int(key))


def team_of(event, user):
    """Everybody with a role, the highest first, and whether the reader may touch it."""
    held = event.roles.filter(role__name__in=EVERY_ROLE).select_related("user", "role").order_by("pk")
    rows = sorted(held, key=lambda row: (ORDER.index(row.role.name), row.pk))
    return [{"row": row, "own": row.user_id == user.pk, "open": may_touch(user, row)} for row in rows]


def may_touch(user, row):
    return row.role.name != OWNER and reaches(user, row, row.role.name)


def invites_of(event: Event, user):
    """Offers that nobody has answered, each with where its newest mail stands."""
    offers = list(event.role_invites.filter(status=PENDING).select_related("event", "role", "invited_by"))
    inviters = {}
    for offer in offers:  # each of them is asked for their roles once
        offer.invited_by = inviters.setdefault(offer.invited_by_id, offer.invited_by)
    keys = [str(offer.pk) for offer in offers]
    mails = Mail.objects.filter(subject_type=RoleInvite._meta.model_name, subject_id__in=keys).order_by("pk")
    newest = {mail.subject_id: mail for mail in mails.defer("text", "html")}
    return [
        {
            "offer": offer,
            "mail": newest.get(str(offer.pk)),
            "closed": why_closed(offer),
            "open": reaches(user, event, offer.role.name),
        }
        for offer in sorted(offers, key=lambda offer: (rank_of(offer.role.name), offer.email))
    ]


@manages("team")
def role(request, event, pk):
    """One person's role: another one, or none."""
    held = event.roles.filter(role__name__in=EVERY_ROLE).select_related("user", "role")
    row = get_object_or_404(held, pk=pk)
    names = roles_to_give(request.user, event) if may_touch(request.user, row) else []
    form = RoleForm({"role": request.POST.get("role", "")} if _wants(request, "change") else None, names=names)
    form.initial["role"] = row.role.name
    try:
        if _wants(request, "remove"):
            remove_role(row, by=request.user)
            messages.success(request, f"{row.user.name} no longer helps as {row.role}.")
            return redirect("manage-people", event.identifier)
        if _wants(request, "change") and form.is_valid():
            change_role(row, form.cleaned_data["role"], by=request.user)
            messages.success(request, f"{row.user.name} is {row.role} from now on.")
            return redirect("manage-people", event.identifier)
    except Refused as refused:
        if refused.status == 403:
            raise
        blame(form, refused)
    context = {"event": event, "row": row, "form": form, "names": names, "errors": errors_of(form)}
    return render(request, "manage/people/role.html", {**context, "meaning": MEANING[row.role.name]})


def _wants(request, verb):
    return request.method == "POST" and request.POST.get("verb") == verb


@manages("some")
def leave(request, event):
    """Give up every role that one has; the owner hands the event over first."""
    held = event.roles.filter(user=request.user, role__name__in=EVERY_ROLE).select_related("role")
    if request.method == "POST":
        with atomic():
            for row in held:
                remove_role(row, by=request.user)
        messages.success(request, f"You no longer help at {event.name}.")
        return redirect(reverse("my-tickets"))
    context = {"event": event, "held": held, "owns": any(row.role.name == OWNER for row in held)}
    return render(request, "manage/people/leave.html", context)


BELOW = {"section": "manage-people"}
urlpatterns = [
    path("<slug:identifier>/people", people, name="manage-people"),
    path("<slug:identifier>/people/leave", leave, BELOW, name="manage-leave"),
    path("<slug:identifier>/people/<int:pk>", role, BELOW, name="manage-role"),
]
