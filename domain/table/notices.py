"""What a run says about a tab: the cases of her life with it, each in one sentence."""

from domain.table.words import Words

ORDER_ADOPTED = Words(ru="Строки переставлены вами: порядок принят", en="Your row order adopted")
NOT_IN_ACCOUNT = Words(
    ru="Строка {row}: артикул {nm} не найден в кабинете",
    en="Row {row}: item {nm} is not in the account",
)
MORE_FOREIGN = Words(
    ru="И ещё строк с чужими артикулами: {n}", en="And {n} more rows with foreign items"
)
ROWS_BACK = Words(
    ru="Удалённые строки вернулись: {n}. Чтобы убрать товар, скройте строку или отметьте "
    "«Не показывать»",
    en="{n} deleted rows are back; hide the row or mark the product as not shown",
)
EDITS_RESTORED = Words(
    ru="Исправлено ваших правок в наших ячейках: {n}", en="{n} edits in our cells restored"
)
KEY_CHANGED = Words(
    ru="Строка {row}: артикул изменён, товар {nm} добавлен ниже",
    en="Row {row}: item changed, {nm} added below",
)
COLUMN_DELETED = Words(
    ru="Столбец «{name}» удалён вами; вернуть: «Столбцы»",
    en='You deleted the column "{name}"; restore it under Columns',
)
HEADER_RESTORED = Words(ru="Шапка восстановлена", en="Header restored")
TAB_REBUILT = Words(
    ru="Вкладки не было: создана заново. Старая: Файл → История версий",
    en="Tab was gone: rebuilt; the old one is in version history",
)
BACKUP_KEPT = Words(
    ru="Ваша прежняя вкладка сохранена как «{title}»", en='Your former tab is kept as "{title}"'
)
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
