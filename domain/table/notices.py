"""What a run says about a tab: the cases of her life with it, each in one sentence."""

from domain.table.words import Words

ORDER_ADOPTED = Words(ru="Строки переставлены вами: порядок принят", en="Your row order adopted")
COPY_CONNECTED = Words(
    ru="Подключена копия: порядок строк взят из неё", en="Copy connected, its row order adopted"
)
NOT_IN_ACCOUNT = Words(
    ru="Строка {row}: артикул {nm} не найден в кабинете",
    en="Row {row}: item {nm} is not in the account",
)
MORE_FOREIGN = Words(
    ru="И ещё строк с чужими артикулами: {n}", en="And {n} more rows with foreign items"
)
ROWS_BACK = Words(
    ru="Удалённые строки вернулись: {n}. Чтобы убрать товар из виду, скройте его строку",
    en="{n} deleted rows are back; to put a product out of sight, hide its row",
)
EDITS_RESTORED = Words(
    ru="Исправлено ваших правок в наших ячейках: {n}", en="{n} edits in our cells restored"
)
KEY_CHANGED = Words(
    ru="Строка {row}: артикул изменён, товар {nm} добавлен ниже",
    en="Row {row}: item changed, {nm} added below",
)
COLUMN_DELETED = Words(
    ru="Столбец «{name}» удалён вами, сам он не вернётся. Вернуть: Ctrl+Z, или в Stock Tracker, "
    "на странице магазина, «Вернуть столбцы»",
    en='You deleted the column "{name}", and it stays so. To restore it: undo (Ctrl+Z), or '
    '"Return the columns" on the shop\'s page in Stock Tracker',
)
COLUMNS_RETURNED = Words(
    ru="Столбцы возвращены справа от наших: {names}",
    en="Columns are back, to the right of ours: {names}",
)
HEADER_RESTORED = Words(ru="Шапка восстановлена", en="Header restored")
TAB_REBUILT = Words(
    ru="Вкладки не было: создана заново. Старая: Файл → История версий",
    en="Tab was gone: rebuilt; the old one is in version history",
)
TITLE_TAKEN = Words(
    ru="Имя «{taken}» носит вкладка другого магазина: эта называется «{title}»",
    en='The name "{taken}" belongs to the tab of another shop: this one is called "{title}"',
)
BACKUP_KEPT = Words(
    ru="Ваша прежняя вкладка сохранена как «{title}»", en='Your former tab is kept as "{title}"'
)
LISTING_REBUILT = Words(
    ru="Вкладки «{title}» не было: создана заново. Старая: Файл → История версий",
    en='The tab "{title}" was gone: rebuilt; the old one is in version history',
)
LISTING_PROTECTED = Words(
    ru="Вкладка «{title}» не обновлена: на ней защищён диапазон «{range}». Снимите защиту",
    en='The tab "{title}" was left out: range "{range}" on it is protected. Remove the protection',
)
LISTING_LEFT = Words(
    ru="Вкладка «{title}» больше не обновляется: она осталась вам как есть",
    en='The tab "{title}" is no longer updated: it stays yours as it is',
)
LISTING_FULL = Words(
    ru="Вкладка «{title}» не обновлена: файл упёрся в предел Google (10 000 000 ячеек). "
    "Удалите пустые строки и столбцы на других вкладках",
    en='The tab "{title}" was left out: the file reached Google\'s limit (10,000,000 cells). '
    "Delete empty rows and columns in other tabs",
)
IN_TAB = Words(ru="Вкладка «{title}»: {said}", en='Tab "{title}": {said}')
UNMERGED = Words(ru="Объединённые ячейки разъединены: {where}", en="Unmerged: {where}")
NOT_WRITTEN = Words(
    ru="Не записано: {where} объединены с вашими", en="Not written: {where} merged with yours"
)
NEW_PRODUCTS = Words(ru="Новых товаров: {n}", en="New products: {n}")
GONE_AND_BACK = Words(ru="Пропали: {gone}; вернулись: {back}", en="Gone: {gone}; back: {back}")
TWICE = Words(
    ru="Артикул {nm} стоит в строках {rows}: сумма по столбцу посчитает его дважды",
    en="Item {nm} stands in rows {rows}: a column sum counts it twice",
)
GONE_NOTE = Words(
    ru="с {date} товара нет в кабинете Wildberries. Строка и ваши записи сохранены; "
    "вернётся товар, вернутся и числа.",
    en="not in the Wildberries account since {date}. The row and your notes are kept; "
    "numbers return with the product.",
)
BACKUP_TITLE = Words(ru="{title} (копия {at})", en="{title} (copy {at})")
