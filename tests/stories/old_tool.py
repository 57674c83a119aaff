"""A seller of the old single-user tool: a folder with its `.env`, and a sheet that it has filled."""

import asyncio
import json
from uuid import uuid4

from cryptography.fernet import Fernet

from tests.process import run
from tests.stories.town import Person, Shop

FORMER = "Остатки WB"
"""What its tab is called."""
V1 = (
    "Артикул продавца",
    "Артикул товара",
    "Заказы (всего)",
    "Остатки (всего)",
    "Оборачиваемость",
    "Название склада",
    "Заказы со склада",
    "Остатки на складе",
    "Оборачиваемость по складам",
)
SCRIPT = "migrations.scripts.migrate_legacy_to_multitenant"


class OldTool:
    """Her token may stand sealed in the `.env`, as the old product kept it."""

    def __init__(self, town, folder, seller, sheet, **changes):
        self.town, self.folder, self.seller, self.sheet = town, folder, seller, sheet
        self.outside = town.city.outside
        self.email, self.password = f"olga.{uuid4().hex[:12]}@example.com", f"pass-{uuid4().hex}"
        (folder / "robot.json").write_text(json.dumps(self.outside.robots["stock-tracker"]))
        key = Fernet.generate_key()
        self.secrets = {*seller.tokens.values(), self.password, key.decode()}
        town.city.product.secrets |= self.secrets
        self.write(
            WILDBERRIES_API_KEY=Fernet(key).encrypt(seller.tokens["personal"].encode()).decode(),
            FERNET_KEY=key.decode(),
            GOOGLE_SHEET_ID=sheet.id,
            GOOGLE_SHEET_NAME=FORMER,
            GOOGLE_SERVICE_ACCOUNT_KEY_PATH=str(folder / "robot.json"),
            SYNC_SCHEDULE="0 3,5 * * *",
            TIMEZONE="Asia/Yekaterinburg",
            **changes,
        )

    def write(self, **values):
        lines = (f"{name}={value}\n" for name, value in values.items())
        (self.folder / ".env").write_text("".join(lines))

    async def sync_now(self):
        """As before, and as after a rollback: without a database."""
        alone = {**self.outside.environ(), "GOOGLE_SERVICE_ACCOUNT": ""}
        door = "stock_tracker.main"
        return await asyncio.to_thread(run, door, "--sync-now", folder=self.folder, **alone)

    async def come_over(self, *options, email=None, password=None, script=False, **changes):
        """The command, or the script that the old guide names."""
        said = (*options, "--email", email or self.email)
        if (password := self.password if password is None else password) is not False:
            said = (*said, "--password-stdin")
        environ = {**self.town.city.product.environ, **changes}
        kept = {name: value for name, value in environ.items() if value is not None}
        return await asyncio.to_thread(
            run,
            SCRIPT if script else "app",
            *(said if script else ("migrate-legacy", *said)),
            folder=self.folder,
            piped=f"{password}\n".encode(),
            **kept,
        )

    async def old_tab(self, title):
        """As the old tool filled it."""
        places = ("Коледино\nКазань", "4\n2", "30\n11", "52.5\n38.5")
        goods = ("КРУЖКА-1", "101", "6", "41", "47.8", *places)
        await self.sheet.batch({"addSheet": {"properties": {"title": title}}})
        cells = [
            [{"userEnteredValue": {"stringValue": text}} for text in row] for row in (V1, goods)
        ]
        await self.sheet.batch(
            {
                "updateCells": {
                    "start": {"sheetId": await self.sheet.tab(title)},
                    "rows": [{"values": row} for row in cells],
                    "fields": "userEnteredValue",
                }
            }
        )
        return [[*V1], [*goods]]

    async def owner(self):
        """She, signed in to the service, and her shop there."""
        person = Person(self.town)
        person.email, person.password = self.email, self.password
        await person.login()
        (made,) = (await person.ask("{ shops { id } }"))["shops"]
        shop = Shop(person, self.seller, self.sheet)
        shop.id = made["id"]
        return shop

    def shown_by(self, *told):
        """Secrets of hers that these said."""
        said = "".join(each.stdout + each.stderr for each in told)
        return [secret for secret in self.secrets if secret in said]

    async def has_account(self):
        """Whether the service knows her."""
        body = {"email": self.email, "password": self.password}
        url = f"{self.town.city.product.address}/auth/login"
        return (await self.town.http.post(url, json=body)).is_success
