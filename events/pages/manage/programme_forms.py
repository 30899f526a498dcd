"""What the programme's forms ask, one form a kind of row."""

from django import forms

from events.importing.pictures import SPEAKER_PHOTO, SPONSOR_LOGO
from events.models import Faq, FaqType, Microlocation, Session, SessionType, SocialLink, Speaker, Sponsor, Track
from events.models.programme import HEX_COLOUR, check_times
from events.rules import coorganizes
from events.services.colours import readable_near, words_are_readable
from events.services.session_states import first_state, left_to_the_team, refuse_without_programme
from media_pipeline.purposes import MEGABYTE, purpose_called
from media_pipeline.storing import remove_stored, store_image
from openevent.core.cleaning import plain
from openevent.core.columns import Line
from openevent.core.editing import EditForm
from openevent.core.form_fields import REQUIRED, LocalMoment, drawn
from openevent.core.refusals import Refused

NEW_STATES = [("accepted", "Accepted: shown at once"), ("pending", "Pending: decide later"), ("draft", "Draft")]


class PartForm(EditForm):
    """A row of `event`, as `by` may change it. `layout` says which fields stand side by side."""

    layout: tuple[tuple[str, ...], ...] = ()

    def __init__(self, *args, event, by, **options):
        super().__init__(*args, **options)
        self.event, self.by = event, by
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = field.queryset.model.objects.visible_to(by).filter(event=event)
            if isinstance(field, LocalMoment):
                field.zone = event.zone

    def lines(self):
        """The fields line by line; what `layout` does not name comes last."""
        shown = [[self[name] for name in line if name in self.fields] for line in self.layout]
        placed = {name for line in self.layout for name in line}
        rest = [[field] for field in self.visible_fields() if field.name not in placed]
        return [line for line in shown + rest if line]

    def clean(self):
        given = super().clean()
        for name in self._one_liners():
            given[name] = plain(given[name])
            if not given[name] and self.fields[name].required:
                self.add_error(name, REQUIRED)  # nothing but tags and blanks
        return given

    def _one_liners(self):
        columns = {column.name for column in self._meta.model._meta.fields if isinstance(column, Line)}
        return [name for name in columns & self.cleaned_data.keys() if self.cleaned_data[name]]


class TrackForm(PartForm):
    layout = (("name", "color"), ("description",), ("position",))

    class Meta:
        model = Track
        fields = ("name", "color", "description", "position")
        widgets = {
            "color": forms.TextInput(attrs={"type": "color"}),
            "description": forms.Textarea(attrs={"rows": 3}),
        }
        labels = {"color": "Colour"}
        help_texts = {"position": "Tracks with a lower number come first."}
        formfield_callback = drawn

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        if not self.instance.pk:
            self.initial["color"] = "#3f45c9"

    def clean_color(self):
        colour = self.cleaned_data["color"]
        HEX_COLOUR(colour)
        if "color" in self.changed_data and not words_are_readable(colour):
            near = readable_near(colour)
            raise forms.ValidationError(f"Words on {colour} are hard to read. {near} is close, and readable.")
        return colour


class RoomForm(PartForm):
    layout = (("name",), ("floor", "room"), ("latitude", "longitude"), ("position",), ("hidden_in_scheduler",))

    class Meta:
        model = Microlocation
        fields = ("name", "floor", "room", "latitude", "longitude", "position", "hidden_in_scheduler")
        labels = {"room": "Number of the room", "hidden_in_scheduler": "Leave it out of the schedule"}
        help_texts = {
            "floor": "0 is the ground floor.",
            "position": "Sessions at the same time are listed by this number of their rooms.",
        }
        formfield_callback = drawn


class SessionTypeForm(PartForm):
    layout = (("name", "length"), ("position",))

    class Meta:
        model = SessionType
        fields = ("name", "length", "position")
        help_texts = {"length": "Hours and minutes, like 00:45."}
        formfield_callback = drawn


class Pictured(PartForm):
    """A form with a picture to upload: it is drawn anew in every size, and kept here."""

    PICTURE: tuple[str, dict[str, str]]

    picture = forms.FileField(required=False, widget=forms.FileInput(attrs={"accept": "image/*"}))

    def clean_picture(self):
        upload = self.cleaned_data["picture"]
        if not upload:
            return None
        purpose = purpose_called(self.PICTURE[0])
        if upload.size > purpose.max_bytes:
            raise forms.ValidationError(f"A picture has at most {purpose.max_bytes // MEGABYTE} MB.")
        try:
            return store_image(upload.read(), purpose=purpose.word)
        except Refused as refused:
            raise forms.ValidationError(str(refused)) from None

    def _post_clean(self):
        super()._post_clean()
        if self.errors and (stored := self.cleaned_data.get("picture")):
            remove_stored(*stored.names)  # the form comes back without its file

    def save(self, commit=True):
        stored = self.cleaned_data["picture"]
        for column, size in self.PICTURE[1].items():
            if stored:
                setattr(self.instance, column, stored.url_of(size))
            elif self._address() in self.changed_data and column != self._address():
                setattr(self.instance, column, None)  # sizes of the picture before
        return super().save(commit)

    def _address(self):
        return next(iter(self.PICTURE[1]))


class SpeakerForm(Pictured):
    PICTURE = SPEAKER_PHOTO
    layout = (
        *(("name", "email"), ("position", "organisation"), ("picture", "photo_url"), ("short_biography",)),
        *(("website", "mastodon"), ("github", "linkedin"), ("twitter", "facebook"), ("city", "country")),
        *(("mobile", "order"), ("is_featured",)),
    )

    class Meta:
        model = Speaker
        fields = (
            *("name", "email", "photo_url", "position", "organisation", "short_biography", "website", "mastodon"),
            *("github", "linkedin", "twitter", "facebook", "city", "country", "mobile", "order", "is_featured"),
        )
        labels = {
            "email": "E-mail",
            "photo_url": "Address of the photo",
            "short_biography": "About them",
            "twitter": "X",
            "github": "GitHub",
            "linkedin": "LinkedIn",
            "city": "Town",
            "mobile": "Phone",
            "order": "Place in the list",
            "is_featured": "Show them first",
        }
        help_texts = {
            "email": "For the team alone.",
            "mobile": "For the team alone.",
            "photo_url": "Visitors see pictures that are kept here: upload others.",
            "short_biography": "An empty line begins a paragraph.",
        }
        formfield_callback = drawn

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["picture"].label = "Photo to upload"

    def clean_email(self):
        email = self.cleaned_data["email"] or None  # two speakers without one are not the same
        others = Speaker.objects.filter(event=self.event, email=email, deleted_at=None).exclude(pk=self.instance.pk)
        if email and (other := others.first()):
            raise forms.ValidationError(f"{other.name} has this address already.")
        return email


class SponsorForm(Pictured):
    PICTURE = SPONSOR_LOGO
    layout = (("name", "url"), ("level", "type"), ("picture", "logo_url"), ("description",))

    class Meta:
        model = Sponsor
        fields = ("name", "url", "level", "type", "logo_url", "description")
        labels = {"url": "Website", "logo_url": "Address of the logo", "type": "Kind"}
        help_texts = {
            "level": "1 comes first.",
            "type": "Such as Gold, or Media partner.",
            "logo_url": "Visitors see pictures that are kept here: upload others.",
        }
        formfield_callback = drawn

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["picture"].label = "Logo to upload"


class FaqForm(PartForm):
    layout = (("question",), ("answer",), ("faq_type",))

    class Meta:
        model = Faq
        fields = ("question", "answer", "faq_type")
        labels = {"faq_type": "Group"}
        help_texts = {"answer": "An empty line begins a paragraph."}
        formfield_callback = drawn

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["answer"].required = True
        self.fields["answer"].error_messages["required"] = REQUIRED


class FaqTypeForm(PartForm):
    class Meta:
        model = FaqType
        fields = ("name",)
        formfield_callback = drawn


class LinkForm(PartForm):
    layout = (("name", "link"),)

    class Meta:
        model = SocialLink
        fields = ("name", "link")
        labels = {"link": "Address"}
        help_texts = {"name": "What visitors read, such as Mastodon."}
        formfield_callback = drawn


class SpeakersPicked(forms.CheckboxSelectMultiple):
    template_name = "manage/programme_pick.html"


class SessionForm(PartForm):
    layout = (
        *(("title",), ("short_abstract",), ("state",), ("speakers",), ("starts_at", "ends_at")),
        *(("microlocation", "track"), ("session_type", "level"), ("language", "video_url"), ("slides_url",)),
        ("is_locked",),
    )

    state = forms.ChoiceField(label="When it is saved", choices=NEW_STATES, initial="accepted")

    class Meta:
        model = Session
        fields = (
            *("title", "short_abstract", "speakers", "starts_at", "ends_at", "microlocation", "track"),
            *("session_type", "level", "language", "video_url", "slides_url", "is_locked"),
        )
        labels = {
            "short_abstract": "What it is about",
            "starts_at": "Start",
            "ends_at": "End",
            "microlocation": "Room",
            "session_type": "Kind",
            "video_url": "Address of the video",
            "slides_url": "Address of the slides",
            "is_locked": "Lock it: from then on only the owner and organizers change it",
        }
        help_texts = {"short_abstract": "An empty line begins a paragraph."}
        widgets = {"speakers": SpeakersPicked}
        formfield_callback = drawn

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["speakers"].template_name = "manage/programme_speakers.html"
        self.fields["speakers"].queryset = self.fields["speakers"].queryset.order_by("name", "pk")
        self.fields["starts_at"].help_text = f"On the event’s clocks: {self.event.timezone.replace('_', ' ')}."
        for name in left_to_the_team(self.instance, by=self.by):
            self.fields.pop(name, None)
        if self.instance.pk or not coorganizes(self.by, self.instance):
            self.fields.pop("state")  # there are buttons for it; and others propose

    def clean(self):
        given = super().clean()
        if self.instance.pk is None or {"starts_at", "ends_at"} & set(self.changed_data):
            check_times(given.get("starts_at"), given.get("ends_at"))
        return given

    def save(self, commit=True):
        session = self.instance
        if session.pk is None:
            self._open_the_programme()
            session.creator = self.by
            session.state = first_state(session, self.cleaned_data.get("state", "pending"), by=self.by)
        return super().save(commit)

    def _open_the_programme(self):
        """The team adds a session, so there is a programme; others wait until there is one."""
        if coorganizes(self.by, self.event) and not self.event.is_sessions_speakers_enabled:
            self.event.is_sessions_speakers_enabled = True
            self.event.save(update_fields=["is_sessions_speakers_enabled"])
        refuse_without_programme(self.event)
