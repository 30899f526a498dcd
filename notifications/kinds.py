"""The kinds of mail and of notification, by the names under which the site's staff and old clients know them."""

# Who gets a mail of this kind.
MAILS = {
    "user_registration": "New user",
    "user_confirmation": "User",
    "user_change_email": "User, at the old address",
    "password_reset": "User",
    "password_reset_verify": "User who was registered with an order",
    "password_change": "User",
    "event_role": "Invitee",
    "speaker_invite": "Invitee",
    "group_role": "Invitee",
    "new_session": "Owner of the event",
    "session_state_change": "Speakers",
    "ticket_purchased": "Buyer",
    "ticket_purchased_attendee": "Attendee",
    "ticket_purchased_organizer": "Owner, organizers and co-organizers",
    "ticket_cancelled": "Buyer",
    "event_exported": "Whoever asked for the export",
    "event_export_fail": "Whoever asked for the export",
    "event_imported": "Whoever asked for the import",
    "event_import_fail": "Whoever asked for the import",
    "monthly_payment": "Owner of the event",
    "monthly_payment_follow_up": "Owner of the event",
    "monthly_payment_pre_due": "Owner of the event",
    "monthly_payment_post_due": "Owner of the event",
    "after_event": "Owner and organizers",
    "after_event_speaker": "Speakers",
    "ticket_sales_end": "Owner and organizers",
    "ticket_sales_end_tomorrow": "Owner and organizers",
    "ticket_sales_end_next_week": "Owner and organizers",
    "contact_organizers": "Owner of the event, and a copy to the sender",
    "contact_group_organizers": "Owner of the group, and a copy to the sender",
    "video_moderator_invite": "Moderator",
    "announce_event": "Followers of the group",
    "test_mail": "Whoever is named",
}
NOTIFICATIONS = (
    *("ticket_purchased", "ticket_purchased_attendee", "ticket_purchased_organizer", "ticket_cancelled"),
    *("ticket_cancelled_organizer", "event_role", "new_session", "session_state_change", "monthly_payment"),
)
# Mails of ours that go by such a name without being called so. The first of a name is its sample.
KNOWN_AS = {
    "account-email-confirmation-signup": "user_registration",
    "account-email-confirmation": "user_confirmation",
    "account-already-verified": "user_confirmation",
    "account-email-changed": "user_change_email",
    "account-password-reset-key": "password_reset",
    "account-unknown-account": "password_reset",
    "account-password-changed": "password_change",
    "account-password-reset": "password_change",
    "order-completed": "ticket_purchased",
    "order-placed": "ticket_purchased",
    "ticket-for-holder": "ticket_purchased_attendee",
    "payment-reminder": "ticket_purchased",
    "ticket-changed": "ticket_purchased",
    "order-cancelled": "ticket_cancelled",
    "order-expired": "ticket_cancelled",
    "contact-group": "contact_group_organizers",
    "video-moderator": "video_moderator_invite",
}


def action_of(kind: str) -> str:
    """The name by which a kind of mail is switched: `order-placed` is `ticket_purchased`, `event-role` `event_role`."""
    return KNOWN_AS.get(kind) or kind.replace("-", "_")


def kind_of(action: str) -> str:
    """The kind of mail that is a sample of those switched by this name."""
    return next((kind for kind, name in KNOWN_AS.items() if name == action), action.replace("_", "-"))
