"""What the audit log says of a shop's sheet being arranged."""

from collections.abc import Mapping

from domain import arrangement
from domain.table.words import Words

SENTENCES: Mapping[type, Words] = {
    arrangement.DataTabSwitched: Words(
        ru="{who}: магазин «{shop_id}», вкладка «Данные» {turned}",
        en="{who} switched {turned} the tab “Data” of the shop “{shop_id}”",
    ),
    arrangement.CheckTabSwitched: Words(
        ru="{who}: магазин «{shop_id}», вкладка «Сверка» {turned}",
        en="{who} switched {turned} the tab “Reconciliation” of the shop “{shop_id}”",
    ),
    arrangement.EmptyPlacesSwitched: Words(
        ru="{who}: магазин «{shop_id}», пустые места в таблице {turned}",
        en="{who} had empty places {turned} in the sheet of the shop “{shop_id}”",
    ),
    arrangement.ColumnsReturned: Words(
        ru="{who}: магазин «{shop_id}», удалённые столбцы таблицы возвращены",
        en="{who} had the deleted columns returned to the sheet of the shop “{shop_id}”",
    ),
}
_SWITCHED = {True: Words(ru="включена", en="on"), False: Words(ru="выключена", en="off")}
_HIDDEN = {True: Words(ru="скрыты", en="hidden"), False: Words(ru="показаны", en="shown")}


def more_of(event: object, language: str) -> Mapping[str, object]:
    """What its fields alone do not say in words."""
    match event:
        case arrangement.DataTabSwitched(on=on) | arrangement.CheckTabSwitched(on=on):
            return {"turned": _SWITCHED[bool(on)].say(language)}
        case arrangement.EmptyPlacesSwitched(hidden=hidden):
            return {"turned": _HIDDEN[bool(hidden)].say(language)}
        case _:
            return {}
