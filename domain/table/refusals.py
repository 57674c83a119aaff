"""Why a spreadsheet cannot be written: sentences that say what to do."""

from domain.both import Both
from domain.table.words import Words

HERSELF = Both(ru="вашего аккаунта Google", en="your Google account")
"""In place of an address, where she writes herself: we do not know hers."""
REFUSALS: dict[str, Words] = {
    "sheet_unshared": Words(
        ru="Нет доступа к таблице: откройте её для {address} (Редактор)",
        en="No access: share it with {address} (Editor)",
    ),
    "sheet_deleted": Words(
        ru="Таблица удалена или закрыта: верните из корзины или подключите другую. "
        "Если она на месте, откройте её для {address} (Редактор)",
        en="Deleted or closed: restore it or connect another. "
        "If it is there, share it with {address} (Editor)",
    ),
    "sheet_protected": Words(
        ru="Диапазон «{range}» защищён: добавьте {address} в редакторы",
        en='Range "{range}" is protected: add {address} as editor',
    ),
    "sheet_full": Words(
        ru="Файл упёрся в предел Google (10 000 000 ячеек, 18 278 столбцов): "
        "удалите пустые строки и столбцы на других вкладках{need}",
        en="The file reached Google's limit (10,000,000 cells, 18,278 columns): "
        "delete empty rows and columns in other tabs{need}",
    ),
    "sheet_key_deleted": Words(
        ru="Удалён столбец «Артикул товара (nmid)»: без него строки не узнать. "
        "Нажмите Ctrl+Z, или сделайте копию вкладки для себя, удалите эту и запросите обновление: "
        "она соберётся заново",
        en="Key column deleted: undo (Ctrl+Z), or keep a copy of the tab, delete the tab and ask "
        "for an update: it is built anew",
    ),
    "storage_quota": Words(
        ru="У {address} нет места на Диске: создайте таблицу сами и откройте её для этого "
        "адреса (Редактор)",
        en="{address} has no Drive storage: create the spreadsheet yourself and share it "
        "with this address (Editor)",
    ),
    "google_credentials": Words(
        ru="Google не принял ключ сервисного аккаунта {address}: выпустите новый ключ "
        "и укажите его в настройках",
        en="Google refused the key of the service account {address}: issue a new key "
        "and put it into the settings",
    ),
    "google_api_off": Words(
        ru="В проекте Google аккаунта {address} выключен Google Sheets API: включите его "
        "в консоли Google Cloud",
        en="The Google project of {address} has the Google Sheets API switched off: enable it "
        "in the Google Cloud console",
    ),
    "robot_gone": Words(
        ru="Адрес, для которого была открыта таблица, больше не работает: откройте её "
        "для {address} (Редактор)",
        en="The address that the sheet was shared with is no longer ours: share it with {address} "
        "(Editor)",
    ),
    "own_key_refused": Words(
        ru="Google не принял ключ вашего сервисного аккаунта {address}: создайте новый ключ "
        "и вставьте его в Stock Tracker",
        en="Google refused the key of your service account {address}: make a new key and paste it "
        "into Stock Tracker",
    ),
    "own_api_off": Words(
        ru="В вашем проекте Google (аккаунт {address}) выключен Google Sheets API: включите его "
        "в консоли Google Cloud",
        en="Your Google project (account {address}) has the Google Sheets API switched off: enable "
        "it in the Google Cloud console",
    ),
    "consent_revoked": Words(
        ru="Google больше не даёт нам писать от вашего имени: войдите через Google заново "
        "в Stock Tracker, на странице магазина",
        en="Google no longer lets us write in your name: sign in with Google again in Stock "
        "Tracker, on the page of the shop",
    ),
    "own_sheet_gone": Words(
        ru="Таблица на вашем Диске удалена или недоступна: верните её из корзины "
        "или создайте новую в Stock Tracker",
        en="The sheet in your Drive was deleted or cannot be reached: restore it from the bin, or "
        "make a new one in Stock Tracker",
    ),
    "google_client_refused": Words(
        ru="Google не узнал Stock Tracker: проверьте GOOGLE_OAUTH_CLIENT_ID "
        "и GOOGLE_OAUTH_CLIENT_SECRET",
        en="Google does not know this Stock Tracker: check GOOGLE_OAUTH_CLIENT_ID and "
        "GOOGLE_OAUTH_CLIENT_SECRET",
    ),
    "google_refused": Words(
        ru="Google отказался выполнить запись: {said}", en="Google refused the write: {said}"
    ),
    "google_quota": Words(
        ru="Лимит запросов Google: продолжим сами в {at} (Мск)",
        en="Google's request limit: we go on at {at} (Moscow)",
    ),
    "google_unavailable": Words(
        ru="Google Таблицы не отвечают: повторим сами",
        en="Google Sheets does not answer: we try again",
    ),
    "google_away": Words(
        ru="Google Таблицы с {since} не отвечают никому ({what}): повторим сами в {at} (Мск)",
        en="Google Sheets has answered nobody since {since} ({what}): "
        "we try again at {at} (Moscow)",
    ),
    "google_malformed": Words(
        ru="Google ответил не так, как обещает его описание: ничего не записано, повторим сами",
        en="Google answered otherwise than documented: nothing was written, we try again",
    ),
}
"""By the stable word of the cause."""

PROTECTED = Words(
    ru="Часть таблицы защищена: добавьте {address} в редакторы защищённого диапазона",
    en="A part of the sheet is protected: add {address} as editor of the protected range",
)
"""Where the range is not known any more."""


_DETAILS = ("range", "said", "at", "since", "what", "need")


def refusal(cause: str, **values: object) -> str:
    """The sentence of a cause, in both languages: a run keeps it. Details that are not known any
    more are left out."""
    return str(REFUSALS[cause].both(**(dict.fromkeys(_DETAILS, "") | values)))
