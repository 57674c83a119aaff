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
    "tenant.robot_assigned": _("Sheet written by us"),
    "tenant.key_given": _("Own service account given"),
    "tenant.google_signed_in": _("Signed in with Google"),
    "tenant.google_signed_out": _("Signed out of Google"),
    "tenant.sheet_made": _("Sheet made in own Drive"),
    "tenant.schedule_set": _("Schedule set"),
    "tenant.data_tab_switched": _("Tab Data switched"),
    "tenant.replenishment_tab_switched": _("Tab Replenishment switched"),
    "tenant.replenishment_terms_changed": _("Terms of restocking changed"),
    "tenant.check_tab_switched": _("Tab Reconciliation switched"),
    "tenant.empty_places_switched": _("Empty places hidden or shown"),
    "tenant.columns_returned": _("Columns returned"),
    "tenant.sync_requested": _("Sync asked for"),
    "tenant.numbers_held_back": _("Numbers held back"),
    "tenant.numbers_confirmed": _("Numbers confirmed"),
    "tenant.numbers_accepted": _("Numbers accepted"),
    "tenant.numbers_back": _("Numbers as usual again"),
    "tenant.shop_broke": _("Shop stopped"),
    "tenant.shop_recovered": _("Shop works again"),
    "tenant.stock_fell": _("Products run out"),
    "tenant.run_cancelled": _("Run cancelled"),
    "tenant.run_retried": _("Run asked for again"),
    "tenant.run_hastened": _("Run hastened"),
    "tenant.bulk_requested": _("Bulk asked for"),
    "tenant.runs_held": _("Runs put on hold"),
    "tenant.runs_released": _("Runs released"),
    "subscription.started": _("Plan started"),
    "subscription.limits_kept": _("Former limits kept"),
    "subscription.trial_started": _("Trial started"),
    "subscription.access_granted": _("Access granted"),
    "subscription.access_withdrawn": _("Access withdrawn"),
    "subscription.customer_linked": _("Customer at Stripe"),
    "subscription.plan_in_force": _("Plan in force"),
    "subscription.subscribed": _("Subscribed"),
    "subscription.plan_changed": _("Plan changed"),
    "subscription.status_changed": _("Subscription changed"),
    "subscription.period_renewed": _("Period paid"),
    "subscription.trial_moved": _("Trial moved"),
    "subscription.cancellation_scheduled": _("Cancellation scheduled"),
    "subscription.cancellation_revoked": _("Cancellation taken back"),
    "subscription.collection_paused": _("Payments paused"),
    "subscription.collection_resumed": _("Payments resumed"),
    "subscription.plan_change_agreed": _("Change of plan agreed"),
    "subscription.plan_change_dropped": _("Change of plan over"),
    "subscription.payment_method_changed": _("Way of paying changed"),
    "subscription.grace_started": _("Payment awaited"),
    "subscription.grace_ended": _("Payment no longer awaited"),
    "subscription.checkout_completed": _("Checkout completed"),
    "subscription.checkout_paid": _("Checkout paid"),
    "subscription.checkout_payment_failed": _("Checkout not paid"),
    "subscription.checkout_expired": _("Checkout expired"),
    "subscription.invoice_paid": _("Invoice paid"),
    "subscription.invoice_payment_failed": _("Payment failed"),
    "subscription.payment_action_required": _("Bank asks for a confirmation"),
    "subscription.invoice_stuck": _("Invoice stuck"),
    "subscription.invoice_ended": _("Invoice ended"),
    "subscription.renewal_upcoming": _("Renewal near"),
    "subscription.trial_ending_soon": _("Trial ends soon"),
    "subscription.pending_change_ended": _("Awaited change of plan over"),
    "subscription.refunded": _("Refunded"),
    "subscription.refund_failed": _("Refund failed"),
    "subscription.dispute_opened": _("Dispute opened"),
    "subscription.dispute_closed": _("Dispute closed"),
    "subscription.billing_contact_changed": _("Payer changed"),
    "subscription.customer_deleted": _("Customer deleted"),
    "subscription.entitlements_changed": _("Entitlements changed"),
    "fleet.staff_appointed": _("Staff appointed"),
    "fleet.staff_dismissed": _("Staff dismissed"),
    "fleet.read_by_staff": _("Looked at by staff"),
    "fleet.audit_exported": _("Audit log exported"),
    "fleet.run_cancelled": _("Run cancelled"),
    "fleet.run_retried": _("Run asked for again"),
    "fleet.run_hastened": _("Run hastened"),
    "fleet.bulk_requested": _("Bulk asked for"),
    "fleet.runs_held": _("Runs put on hold"),
    "fleet.runs_released": _("Runs released"),
    "fleet.worker_drained": _("Worker asked to drain"),
    "user.registered": _("Person registered"),
    "user.signed_in": _("Signed in"),
    "tenant.token_expiring": _("Token ends soon"),
    "tenant.hour_missed": _("Hour missed"),
    "tenant.notices_chosen": _("Mails chosen"),
    "user.signed_out": _("Signed out"),
    "user.erased": _("Person erased"),
    "user.session_stolen": _("Session stolen"),
}
"""Those that are not named here are shown by their names."""

DOORS: Mapping[str, str] = {
    "user": _("A person"),
    "api_token": _("A program"),
    "run": _("A run"),
    "schedule": _("The schedule"),
    "stripe": _("Stripe"),
    "staff": _("Our staff"),
    "cli": _("The server's administrator"),
    "mail": _("A link in a mail"),
}

PARTS: Mapping[str, str] = {
    "schedule": _("Schedule"),
    "spreadsheet": _("Sheet"),
    "token": _("Token"),
    "robot": _("Our address that writes"),
    "address": _("Own service account"),
    "key": _("Its key"),
    "consent": _("Consent at Google"),
    "signed_by": _("Signed in with Google by"),
    "herself": _("Written by its own Google account"),
    "expires_at": _("Token works until"),
    "broken": _("Trouble"),
    "warned": _("Days before its end"),
    "missed": _("Missed hour"),
    "choices": _("Mails"),
    "kinds": _("told of"),
    "at_night": _("also at night"),
    "data_tab": _("Tab Data"),
    "replenishment_tab": _("Tab Replenishment"),
    "check_tab": _("Tab Reconciliation"),
    "hide_empty": _("Empty places are hidden"),
    "lead": _("Lead time, days"),
    "cover": _("Cover, days"),
    "pack": _("Pack size, pcs"),
    "safety": _("Safety stock, days"),
    "doubt": _("Numbers that looked wrong"),
    "holds": _("On hold"),
    "held": _("On hold"),
    "marketplace": _("Marketplace"),
    "seller": _("Seller"),
    "plan": _("Plan"),
    "products": _("Products"),
    "interval": _("Minutes between updates"),
    "exists": _("Exists"),
}
ROLE = _("Role")
STAFF = _("Our staff")


def part(field: str) -> str:
    """What a change is about, by the way to it in a state: of one that has no words, the way."""
    noun, _, rest = field.partition(".")
    if noun == "staff" and rest:
        return STAFF
    return ROLE if noun == "members" and rest else PARTS.get(field.rpartition(".")[2], field)


HEALTH = (
    "tenant.shop_broke",
    "tenant.shop_recovered",
    "tenant.token_expiring",
    "tenant.hour_missed",
)
VIEWS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "": (_("Everything"), {}),
    "people": (_("By people"), {"source": "user"}),
    "staff": (_("By our staff"), {"source": "staff"}),
    "health": (_("Health of shops"), {"action": ",".join(HEALTH)}),
    "money": (_("Money"), {"action": "subscription.*"}),
}
"""Filters that one press sets: (words, fields)."""
