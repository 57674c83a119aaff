"""What the audit log says of a shop's sheet: its arrangement, its writer, the numbers it shows."""

from collections.abc import Mapping
from typing import TypeAlias

from domain import arrangement, doubt, terms, writer
from domain.limits import OVER_PLAN
from domain.table.words import Words

SENTENCES: Mapping[type, Words] = {
    arrangement.DataTabSwitched: Words(
        ru="{who}: магазин «{shop_id}», вкладка «Данные» {turned}",
        en="{who} switched {turned} the tab “Data” of the shop “{shop_id}”",
    ),
    arrangement.ReplenishmentTabSwitched: Words(
        ru="{who}: магазин «{shop_id}», вкладка «Пополнение» {turned}",
        en="{who} switched {turned} the tab “Replenishment” of the shop “{shop_id}”",
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
    terms.ReplenishmentTermsChanged: Words(
        ru="{who}: магазин «{shop_id}», условия пополнения{where}: срок поставки {lead} дн., "
        "запас на {cover} дн., кратность {pack} шт., страховой запас на {safety} дн.",
        en="{who} set how the shop “{shop_id}” restocks{where}: lead time {lead} days, "
        "cover {cover} days, pack size {pack} pcs, safety stock {safety} days",
    ),
    writer.RobotAssigned: Words(
        ru="{who}: таблицу магазина «{shop_id}» пишет адрес сервиса {address}",
        en="{who} had the sheet of the shop “{shop_id}” written by the service's address {address}",
    ),
    writer.KeyGiven: Words(
        ru="{who}: таблицу магазина «{shop_id}» пишет свой сервисный аккаунт {address}",
        en="{who} had the sheet of the shop “{shop_id}” written by a service account of its own, "
        "{address}",
    ),
    writer.GoogleSignedIn: Words(
        ru="{who}: для магазина «{shop_id}» выполнен вход через Google",
        en="{who} signed in with Google for the shop “{shop_id}”",
    ),
    writer.GoogleSignedOut: Words(
        ru="{who}: для магазина «{shop_id}» вход через Google больше не действует",
        en="{who} ended the sign-in with Google for the shop “{shop_id}”",
    ),
    writer.SheetMade: Words(
        ru="{who}: для магазина «{shop_id}» создана таблица {spreadsheet_id} на своём Диске",
        en="{who} made the sheet {spreadsheet_id} in their own Drive for the shop “{shop_id}”",
    ),
    doubt.NumbersHeldBack: Words(
        ru="{who}: магазин «{shop_id}», новые числа похожи на ошибку и придержаны ({seen})",
        en="{who} held back new numbers of the shop “{shop_id}” that look wrong ({seen})",
    ),
    doubt.NumbersConfirmed: Words(
        ru="{who}: магазин «{shop_id}», придержанные числа подтвердило второе чтение ({seen})",
        en="{who} saw a second reading confirm the numbers of the shop “{shop_id}” ({seen})",
    ),
    doubt.NumbersAccepted: Words(
        ru="{who}: магазин «{shop_id}», приняты новые числа ({seen}): {because}",
        en="{who} accepted the new numbers of the shop “{shop_id}” ({seen}): {because}",
    ),
    doubt.NumbersBack: Words(
        ru="{who}: магазин «{shop_id}», придержанные числа оказались ошибкой, новые в порядке",
        en="{who} saw that the numbers of the shop “{shop_id}” held back were wrong; the new ones "
        "are as usual",
    ),
}
CAUSES: Mapping[str, Words] = {
    OVER_PLAN: Words(
        ru="товаров больше, чем в тарифе", en="there are more products than its plan holds"
    ),
    "robot_gone": Words(
        ru="адрес, для которого открыта таблица, больше не работает",
        en="the address that its sheet is shared with is no longer ours",
    ),
    "consent_revoked": Words(
        ru="нужно заново войти через Google", en="its owner has to sign in with Google again"
    ),
    "own_sheet_gone": Words(
        ru="таблица на Диске владельца удалена", en="the sheet in its owner's Drive was deleted"
    ),
    "own_key_refused": Words(
        ru="Google не принял ключ своего сервисного аккаунта",
        en="Google refused the key of its own service account",
    ),
    "own_api_off": Words(
        ru="в своём проекте Google выключен Google Sheets API",
        en="the Google Sheets API is switched off in its own project",
    ),
}
"""Why a shop can no longer be synced, where it is for who writes its sheet."""
_SWITCHED = {True: Words(ru="включена", en="on"), False: Words(ru="выключена", en="off")}
_HIDDEN = {True: Words(ru="скрыты", en="hidden"), False: Words(ru="показаны", en="shown")}
_FROM_TAB = {
    True: Words(ru=" по вкладке «Пополнение»", en=", as its tab “Replenishment” says"),
    False: Words(ru="", en=""),
}
_STANDING: Mapping[str, Words] = {
    doubt.Standing.HELD: Words(ru="придержаны", en="held back"),
    doubt.Standing.CONFIRMED: Words(ru="подтверждены", en="confirmed"),
    doubt.Standing.ACCEPTED: Words(ru="приняты", en="accepted"),
}
_Figures: TypeAlias = (
    doubt.Seen | doubt.NumbersHeldBack | doubt.NumbersConfirmed | doubt.NumbersAccepted
)
_SEEN = Words(
    ru="остатки: было {was}, стало {now}; товаров без ответа: {lost}",
    en="stock: {was} before, {now} now; products not spoken of: {lost}",
)
BECAUSE: Mapping[str, Words] = {
    doubt.Because.TAKEN_AWAY: Words(ru="товар вывезен", en="the goods were taken away"),
    doubt.Because.SOLD: Words(ru="товар распродан", en="the goods were sold"),
    doubt.Because.CHECKED: Words(ru="проверено в кабинете", en="checked in the cabinet"),
}
_UNTOLD = Words(ru="причина не указана", en="no reason is given")


def more_of(event: object, language: str) -> Mapping[str, object]:
    """What its fields alone do not say in words."""
    match event:
        case (
            arrangement.DataTabSwitched(on=on)
            | arrangement.ReplenishmentTabSwitched(on=on)
            | arrangement.CheckTabSwitched(on=on)
        ):
            return {"turned": _SWITCHED[bool(on)].say(language)}
        case arrangement.EmptyPlacesSwitched(hidden=hidden):
            return {"turned": _HIDDEN[bool(hidden)].say(language)}
        case terms.ReplenishmentTermsChanged(from_tab=from_tab):
            return {"where": _FROM_TAB[bool(from_tab)].say(language)}
        case doubt.NumbersHeldBack() | doubt.NumbersConfirmed():
            return {"seen": _seen(event, language)}
        case doubt.NumbersAccepted(because=because):
            words = BECAUSE.get(because, _UNTOLD)
            return {"seen": _seen(event, language), "because": words.say(language)}
        case _:
            return {}


def standing(doubted: doubt.Doubt, language: str) -> str:
    """How numbers that looked wrong stand, and what was seen of them."""
    return f"{_STANDING[doubted.standing].say(language)}: {_seen(doubted.seen, language)}"


def _seen(event: _Figures, language: str) -> str:
    return _SEEN.say(language, was=event.was, now=event.now, lost=event.lost)
