"""What people did about runs, as sentences: which runs are meant needs words of its own."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from domain import fleet, run_acts
from domain.run_acts import Act, BulkRequested
from domain.table.words import Words

HELD = Words(ru="{who}: остановка {runs}", en="{who} put {runs} on hold")
RELEASED = Words(ru="{who}: возобновление {runs}", en="{who} released {runs}")
SENTENCES: Mapping[type, Words] = {
    run_acts.RunCancelled: Words(ru="{who}: отменено {runs}", en="{who} cancelled {runs}"),
    run_acts.RunRetried: Words(
        ru="{who}: запущено ещё раз {runs}", en="{who} asked again for {runs}"
    ),
    run_acts.RunHastened: Words(
        ru="{who}: запущено без ожидания {runs}", en="{who} asked not to wait with {runs}"
    ),
    run_acts.BulkRequested: Words(
        ru="{who}: поручено {act} {runs}", en="{who} asked to {act} {runs}"
    ),
    run_acts.RunsHeld: HELD,
    run_acts.RunsReleased: RELEASED,
    fleet.RunsHeld: HELD,
    fleet.RunsReleased: RELEASED,
}
ONE: Mapping[str, Words] = {
    "sync": Words(ru="обновление", en="the sync"),
    "bulk": Words(ru="массовое действие", en="the bulk action"),
    "notice": Words(ru="письмо", en="the notice"),
    "flows": Words(
        ru="чтение поставок и выкупов, сверка",
        en="the reading of supplies and buyouts, and the check",
    ),
    "billing": Words(ru="сверка со Stripe", en="the look at Stripe"),
}
EVERY: Mapping[str | None, Words] = {
    None: Words(ru="всех заданий", en="all runs"),
    "sync": Words(ru="всех обновлений", en="all syncs"),
    "bulk": Words(ru="всех массовых действий", en="all bulk actions"),
    "notice": Words(ru="всех писем", en="all notices"),
    "flows": Words(
        ru="чтения поставок и выкупов, сверок",
        en="all reading of supplies and buyouts, and all checks",
    ),
    "billing": Words(ru="всех сверок со Stripe", en="all looks at Stripe"),
}
OF_ALL = Words(ru="{runs} всех компаний", en="{runs} of all companies")
OF_SHOP = Words(ru="{runs} магазина «{shop}»", en="{runs} of the shop “{shop}”")
FOUND = Words(ru="все задания по запросу «{query}»", en="every run that matches “{query}”")
PICKED = Words(ru="выбранные задания, числом {n}", en="runs that were picked, {n} of them")
ACTS: Mapping[Act, Words] = {
    Act.RETRY: Words(ru="запустить ещё раз", en="retry"),
    Act.CANCEL: Words(ru="отменить", en="cancel"),
}


def more_of(event: Any, shop: str, language: str) -> Mapping[str, str]:  # noqa: ANN401 - any fact
    """What the sentences above say besides the fields of the fact; `shop` is the shop's name."""
    match event:
        case BulkRequested(act=act, query=query, run_ids=run_ids):
            found = FOUND.say(language, query=query)
            picked = PICKED.say(language, n=len(run_ids or ()))
            return {"act": _named(ACTS, act, language), "runs": found if query else picked}
        case run_acts.RunCancelled() | run_acts.RunRetried() | run_acts.RunHastened():
            return {"runs": _of(event.shop_id, shop, one(event.kind, language), language)}
        case run_acts.RunsHeld() | run_acts.RunsReleased():
            return {"runs": held(event.kind, event.shop_id, shop, language)}
        case fleet.RunsHeld() | fleet.RunsReleased():
            return {"runs": OF_ALL.say(language, runs=held(event.kind, None, "", language))}
        case _:
            return {}


def held(kind: str | None, shop_id: UUID | None, shop: str, language: str) -> str:
    """Which runs are on hold."""
    return _of(shop_id, shop, _named(EVERY, kind, language), language)


def one(name: str, language: str) -> str:
    """What one run of a kind is called."""
    return _named(ONE, name, language)


def _of(shop_id: UUID | None, shop: str, runs: str, language: str) -> str:
    return runs if shop_id is None else OF_SHOP.say(language, runs=runs, shop=shop)


def _named(table: Mapping[Any, Words], name: str | None, language: str) -> str:
    """A kind that only a newer version knows has no words."""
    words = table.get(name)
    return str(name) if words is None else words.say(language)
