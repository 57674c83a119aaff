"""What actions and doors are called on the page of the audit log."""

from collections.abc import Mapping


def _(message: str) -> str:
    """Marks a message of the catalogue."""
    return message


ACTIONS: Mapping[str, str] = {
    "tenant.registered": _("Company registered"),
    "tenant.member_joined": _("Member joined"),
    "tenant.member_left": _("Member left"),
    "tenant.audit_exported": _("Audit log exported"),
    "tenant.read_by_staff": _("Looked at by staff"),
    "tenant.shop_connected": _("Shop connected"),
    "tenant.token_replaced": _("Token replaced"),
    "tenant.shop_disconnected": _("Shop disconnected"),
    "tenant.sheet_connected": _("Sheet connected"),
    "tenant.schedule_set": _("Schedule set"),
    "tenant.sync_requested": _("Sync asked for"),
    "tenant.shop_broke": _("Shop stopped"),
    "tenant.shop_recovered": _("Shop works again"),
    "subscription.started": _("Plan started"),
    "user.registered": _("Person registered"),
    "user.signed_in": _("Signed in"),
    "user.signed_out": _("Signed out"),
    "user.erased": _("Person erased"),
    "user.session_stolen": _("Session stolen"),
}
"""Those that are not named here are shown by their names."""

DOORS: Mapping[str, str] = {
    "user": _("A person"),
    "api_token": _("A program"),
    "run": _("A sync"),
    "schedule": _("The schedule"),
    "stripe": _("Stripe"),
    "staff": _("Our staff"),
    "cli": _("The server's administrator"),
}

PARTS: Mapping[str, str] = {
    "schedule": _("Schedule"),
    "spreadsheet": _("Sheet"),
    "token": _("Token"),
    "token_kind": _("Kind of token"),
    "expires_at": _("Token works until"),
    "broken": _("Trouble"),
    "marketplace": _("Marketplace"),
    "seller": _("Seller"),
    "plan": _("Plan"),
    "registered": _("Registered"),
    "erased": _("Erased"),
}
ROLE = _("Role")


def part(field: str) -> str:
    """What a change is about, by the way to it in a state: of one that has no words, the way."""
    noun, _, rest = field.partition(".")
    return ROLE if noun == "members" and rest else PARTS.get(field.rpartition(".")[2], field)


VIEWS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "": (_("Everything"), {}),
    "people": (_("By people"), {"source": "user"}),
    "staff": (_("By our staff"), {"source": "staff"}),
    "health": (_("Health of shops"), {"action": "tenant.shop_broke,tenant.shop_recovered"}),
    "money": (_("Money"), {"action": "subscription.*"}),
}
"""Filters that one press sets: (words, fields)."""
