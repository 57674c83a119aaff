"""What people of a company want at the desk, and our staff for them."""

from domain.billed import ENDED
from domain.plan import Plan

BOUGHT = (Plan.STARTER, Plan.PRO, Plan.ENTERPRISE)


def wishes(dice, has):
    """Of somebody who has this subscription, by name: mostly what makes sense; the first is to
    buy."""
    plan, words = dice.choice(BOUGHT), dice.choice(("ru", "en"))
    often = (1, 6) if has and has.status not in ENDED else (6, 1)
    return (
        *(("checkout", lambda desk, asker: desk.checkout(asker, plan, words)),) * often[0],
        *(("change", lambda desk, asker: desk.change(asker, plan)),) * often[1],
        ("preview", lambda desk, asker: desk.preview(asker, plan)),
        ("cancel", lambda desk, asker: desk.cancel(asker)),
        ("resume", lambda desk, asker: desk.resume(asker)),
        ("portal", lambda desk, asker: desk.portal(asker, words)),
    )


async def lend(desk, asker, kind, plan, until):
    """A trial, a grant, or its end."""
    if kind == "trial":
        await desk.try_out(asker)
    elif kind == "grant":
        await desk.grant(asker, plan, until, "invoice 7")
    else:
        await desk.withdraw(asker, "paid back")
