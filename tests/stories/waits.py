"""Stories in which time has to pass, told all at once in a thread of their own."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from tests.stories.city import KIND
from tests.stories.spreadsheet import differences
from tests.stories.town import Town, nodes

LONGEST = 220.0 if KIND == "base" else 110.0
"""A report that was lost on the way is ordered anew for a plain Base token, and each step of that
waits a minute."""
PROMISED = "Прежние числа сохранены"
SCHEDULED = """
query ($id: UUID!) { runs(first: 100, shopId: $id) { edges { node { source causation state } } } }
"""


@dataclass(frozen=True)
class Wait:
    """Trouble, with the source that her token reads from, and what the waiting run says of it.
    `ends`: soon enough to watch it recover."""

    sentence: str
    trouble: Callable[[Any], Any]
    ends: bool = True


def wildberries(endpoint, kind, **more):
    def trouble(shop):
        town = shop.person.town
        instead = {"wb_warehouses": "remains_download"} if KIND == "base" else {}
        instead |= {"seller_warehouses": "stocks"} if town.kind == "base" else {}
        return shop.seller.fault(instead.get(endpoint, endpoint), kind, **more)

    return trouble


def google(mode, **more):
    return lambda shop: shop.sheet.fault(mode, **more)


WAITS = {
    "truncated": Wait("оборван", wildberries("cards", "truncated")),
    "empty": Wait("пустой ответ. " + PROMISED, wildberries("wb_warehouses", "empty")),
    "html": Wait("страница HTML вместо JSON", wildberries("seller_warehouses", "html")),
    "other shape": Wait("другая форма", wildberries("orders", "other_shape")),
    "time-outs": Wait(
        "(код 504). Повторим сами.",
        wildberries("wb_warehouses", "timeout", delay=0.5, times=3),
    ),
    "limit": Wait(
        "Лимит запросов Wildberries для «Список карточек товаров»: следующее окно в ",
        wildberries("cards", "429", retry=45),
    ),
    "switched off": Wait(
        "Wildberries отключил «Список карточек товаров». Проверяем каждый час",
        wildberries("cards", "disabled"),
        ends=False,
    ),
    "google is away": Wait("Google Таблицы не отвечают", google("refuse", times=3, match=":get")),
}


async def wait_for_all(city):
    """What came of each story by name: its facts, or the exception that ended it."""
    stories = [wait(city, name) for name in WAITS]
    told = await asyncio.gather(*stories, every_minute(city), return_exceptions=True)
    return dict(zip([*WAITS, "every minute"], told, strict=True))


async def wait(city, name):
    """A good first sync, trouble, a while, and the end."""
    story = SimpleNamespace(sentence=WAITS[name].sentence)
    async with Town(city, f"waiting: {name}") as town:
        shop = await town.shop()
        story.cells_before, schedule = await shop.sheet.cells(), (await shop.look())["schedule"]
        await shop.seller.set_stock(min(await shop.seller.truth()), 4321)
        await WAITS[name].trouble(shop)
        run_id = await shop.request()
        story.waiting = await shop.told_why(run_id, LONGEST)
        story.cells_while_waiting, look = await shop.sheet.cells(), await shop.look()
        story.broken, story.schedule_kept = look["broken"], look["schedule"] == schedule
        if WAITS[name].ends:
            story.over = await shop.ended(run_id, LONGEST)
            story.wrong = differences(await shop.sheet.table(), await shop.seller.table())
    return story


async def every_minute(city):
    """A shop that is due each minute: the minute that came, and the runs that came with it."""
    async with Town(city, "every minute") as town:
        shop = await town.shop()
        given = {"shopId": shop.id, "cron": "* * * * *", "zone": "Asia/Yekaterinburg"}
        made = await shop.person.change("setSchedule", "schedule { nextRunAt }", **given)
        assert made["userErrors"] == []
        first = datetime.fromisoformat(made["schedule"]["nextRunAt"]).astimezone(UTC)
        await asyncio.sleep((first - datetime.now(UTC)).total_seconds() + 5)
        await shop.person.change(
            "setSchedule", "schedule { cron }", **given | {"cron": "0 7 * * *"}
        )
        runs = nodes((await shop.person.ask(SCHEDULED, id=shop.id))["runs"])
        fired = [each["causation"] for each in runs if each["source"] == "schedule"]
        return SimpleNamespace(slots=[f"schedule:{first.isoformat()}"], fired=fired)
