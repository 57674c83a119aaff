"""An invoice from draft to its end."""

from sandbox.stripe.errors import Json, Problem
from sandbox.stripe.shapes.invoice import invoice, invoice_payment, line
from sandbox.stripe.store import DAY, Store, new_id


def whole_line(item: Json, start: int, end: int) -> Json:
    """A whole period of one item; nothing for one that has not to be paid."""
    amount = item["price"]["unit_amount"] * item["quantity"]
    made = line(new_id("il"), item, amount, (start, end))
    return {**made, "description": f"{item['quantity']} × {item['price']['nickname'] or 'plan'}"}


def free_line(item: Json, start: int, end: int) -> Json:
    """A trial: a period that costs nothing."""
    made = line(new_id("il"), item, 0, (start, end))
    return {**made, "description": "Trial period"}


def composed(store: Store, subscription: Json, reason: str, lines: list[Json]) -> Json:
    """An invoice of these lines that nobody has seen yet, for its subscription's period."""
    customer = store.find("customer", subscription["customer"])
    made = invoice(new_id("in"), store.now, customer, subscription["currency"])
    total = sum(each["amount"] for each in lines)
    first = subscription["items"]["data"][0]
    made["lines"]["data"] = [{**each, "invoice": made["id"]} for each in lines]
    made.update(
        billing_reason=reason,
        default_payment_method=subscription["default_payment_method"],
        amount_due=max(total, 0),
        amount_remaining=max(total, 0),
        parent={
            "type": "subscription_details",
            "quote_details": None,
            "subscription_details": {
                "metadata": subscription["metadata"],
                "subscription": subscription["id"],
            },
        },
        period_start=first["current_period_start"],
        period_end=first["current_period_end"],
        subtotal=total,
        subtotal_excluding_tax=total,
        total=total,
        total_excluding_tax=total,
    )
    return made


def drafted(store: Store, subscription: Json, reason: str, lines: list[Json]) -> Json:
    """A draft of these lines and of those that waited for it. `latest_invoice` is the caller's."""
    waiting = store.waiting.pop(subscription["id"], [])
    made = store.put(composed(store, subscription, reason, [*waiting, *lines]))
    store.billed.setdefault(subscription["id"], []).append(made["id"])
    store.emit("invoice.created", made)
    return made


def unpaid_of(store: Store, subscription: Json) -> list[Json]:
    """Its drafts and its open invoices."""
    billed = (store.find("invoice", each) for each in store.billed.get(subscription["id"], []))
    return [each for each in billed if each["status"] in ("draft", "open")]


def finalized(store: Store, draft: Json) -> None:
    """It has a number and is to be paid, but for what the customer has in credit."""
    customer = store.find("customer", draft["customer"])
    number = f"{customer['invoice_prefix']}-{customer['next_invoice_sequence']:04}"
    customer["next_invoice_sequence"] += 1
    due = max(draft["total"] + customer["balance"], 0)
    draft.update(
        starting_balance=customer["balance"],
        ending_balance=min(customer["balance"] + draft["total"], 0),
        amount_due=due,
        amount_remaining=due,
        number=number,
        status="open",
        effective_at=store.now,
        hosted_invoice_url=f"{store.url}/invoice/{draft['id']}",
        invoice_pdf=f"{store.url}/invoice/{draft['id']}",
        status_transitions={**draft["status_transitions"], "finalized_at": store.now},
    )
    store.change(customer, "customer.updated", balance=draft["ending_balance"])
    if due:
        store.put(invoice_payment(_payment_id(draft), store.now, draft))
    store.emit("invoice.finalized", draft)
    if store.settings.overdue_days is not None:
        store.at(store.now + store.settings.overdue_days * DAY, "overdue", draft["id"])


def payment_of(store: Store, of: Json) -> Json:
    """The invoice_payment of a finalized invoice."""
    return store.find("invoice_payment", _payment_id(of))


def settled(store: Store, of: Json) -> None:
    """Nothing of it remains to be paid."""
    of.update(
        amount_paid=of["amount_due"],
        amount_remaining=0,
        attempted=True,
        next_payment_attempt=None,
        status="paid",
        status_transitions={**of["status_transitions"], "paid_at": store.now},
    )
    store.emit("invoice.paid", of)
    store.emit("invoice.payment_succeeded", of)


def voided(store: Store, of: Json) -> None:
    """As if it had never been."""
    _must_be(of, "open", "uncollectible")
    _ended(store, of, "void", "voided_at", "invoice.voided")


def given_up(store: Store, of: Json) -> None:
    """Nobody expects it to be paid; it can still be."""
    _must_be(of, "open", "draft")
    _ended(store, of, "uncollectible", "marked_uncollectible_at", "invoice.marked_uncollectible")


def overdue(store: Store, ident: str, _when: int) -> None:
    """Too long unpaid."""
    found = store.find("invoice", ident)
    if found["status"] == "open":
        store.emit("invoice.overdue", found)


def open_invoices(store: Store, customer_id: str) -> list[Json]:
    """What a customer has still to pay."""
    found = store.all("invoice")
    return [e for e in found if e["customer"] == customer_id and e["status"] == "open"]


def _payment_id(of: Json) -> str:
    return f"inpay{of['id'].removeprefix('in')}"


def _ended(store: Store, of: Json, status: str, moment: str, happened: str) -> None:
    at = {**of["status_transitions"], moment: store.now}
    of.update(status=status, status_transitions=at, next_payment_attempt=None, auto_advance=False)
    store.emit(happened, of)


def _must_be(of: Json, *statuses: str) -> None:
    if of["status"] not in statuses:
        raise Problem(
            f"This invoice is {of['status']}; it must be {' or '.join(statuses)} for that.",
            code="invoice_not_editable",
        )
