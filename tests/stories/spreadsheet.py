"""Her spreadsheet: what she sees through Google's API, and what she does on its page."""

from http import HTTPStatus
from urllib.parse import quote

OURS = "Stock Tracker"
KEY = "Артикул товара (nmid)"


class Spreadsheet:
    """A file in her own Drive, read in her own name."""

    def __init__(self, town, file_id, token):
        self.town, self.id, self.outside = town, file_id, town.city.outside
        self.url = f"https://docs.google.com/spreadsheets/d/{file_id}/edit#gid=0"
        self.headers = {"Authorization": f"Bearer {token}"}
        self.api = f"{self.outside.address}/v4/spreadsheets/{file_id}"

    @classmethod
    async def create(cls, town):
        outside = town.city.outside
        form = {"grant_type": "refresh_token", "refresh_token": town.city.account()[1]}
        granted = (await town.http.post(f"{outside.address}/token", data=form)).json()
        headers = {"Authorization": f"Bearer {granted['access_token']}"}
        url = f"{outside.address}/drive/v3/files"
        made = await town.http.post(url, json={"name": "Остатки"}, headers=headers)
        sheet = cls(town, made.json()["id"], granted["access_token"])
        russian = {"locale": "ru_RU", "timeZone": "Europe/Moscow"}
        await sheet.batch(
            {"updateSpreadsheetProperties": {"properties": russian, "fields": "locale,timeZone"}}
        )
        return sheet

    async def batch(self, *requests):
        answer = await self.town.http.post(
            f"{self.api}:batchUpdate", json={"requests": requests}, headers=self.headers
        )
        assert answer.is_success, answer.text

    async def share(self, address, role="writer"):
        await self.act("share", address=address, role=role)

    async def unshare(self, address):
        await self.act("unshare", address=address)

    async def type(self, at, text, tab=OURS):
        """Type into a cell."""
        await self.act("edit", tab, at=at, text=text)

    async def act(self, act, tab=None, **form):
        """What a person does on the page: sort_up, sort_down, insert_row, rename, delete …"""
        tab = await self.tab(tab) if tab else ""
        url = f"{self.outside.address}/sheets/{self.id}/do"
        answer = await self.town.http.post(url, data={"tab": tab, "act": act, **form})
        assert answer.status_code == 303, answer.text

    async def tabs(self):
        """Ids by title."""
        fields = {"fields": "sheets.properties(sheetId,title)"}
        answer = await self.town.http.get(self.api, params=fields, headers=self.headers)
        listed = (each["properties"] for each in answer.json()["sheets"])
        return {each["title"]: each["sheetId"] for each in listed}

    async def tab(self, title=OURS):
        return (await self.tabs())[title]

    async def cells(self, title=OURS):
        """All values, numbers as numbers; [] for a tab or a file that is not there."""
        url = f"{self.api}/values/{quote(repr(title))}"
        how = {"valueRenderOption": "UNFORMATTED_VALUE"}
        answer = await self.town.http.get(url, params=how, headers=self.headers)
        if answer.status_code == HTTPStatus.NOT_FOUND:
            return []
        if answer.status_code == HTTPStatus.BAD_REQUEST and title not in await self.tabs():
            return []
        assert answer.is_success, answer.text
        return answer.json().get("values", [])

    async def note(self, at, title=OURS):
        """The note on a cell."""
        how = {"ranges": f"'{title}'!{at}", "fields": "sheets.data.rowData.values.note"}
        answer = await self.town.http.get(self.api, params=how, headers=self.headers)
        (sheet,) = answer.json()["sheets"]
        return sheet["data"][0]["rowData"][0]["values"][0].get("note", "")

    async def header(self, title=OURS):
        """(place, caption) of each column; of the product's own the place is ""."""
        above, below = (await self.cells(title))[:2]
        return captions(above, below)

    async def table(self, title=OURS):
        """Rows by nmID, cells by (place, caption). Rows that are hers are left out."""
        return tabled(await self.cells(title))

    async def calls(self):
        """Reads and writes of the product to this file."""
        answer = await self.town.http.get(f"{self.outside.address}/sandbox/google/calls")
        made = [
            each["call"]
            for each in answer.json()["calls"]
            if self.id in each["call"] and each["who"] == self.town.city.robot
        ]
        writes = sum(":batchUpdate" in call for call in made)
        return len(made) - writes, writes

    async def fault(self, mode, status=503, match=":batchUpdate", **more):
        """Trouble for the product at this file alone."""
        fault = {"mode": mode, "status": status, "match": f"{self.id}.*{match}", **more}
        fault["who"] = self.town.city.robot
        url = f"{self.outside.address}/sandbox/google/faults"
        answer = await self.town.http.post(url, json=fault)
        assert answer.is_success, answer.text


def captions(above, below):
    """A merged place name stands in the first of its three columns."""
    place, found = "", []
    for at, caption in enumerate(below):
        name = above[at] if at < len(above) else ""
        place = name if name and at >= 9 else place
        found.append((place, caption))
    return found


def tabled(cells):
    """Rows by nmID."""
    if not cells:
        return {}
    columns = captions(*cells[:2])
    rows = [dict(zip(columns, [*row, *[""] * len(columns)], strict=False)) for row in cells[2:]]
    return {row["", KEY]: row for row in rows if isinstance(row["", KEY], int)}


def differences(table, truth):
    """Cells that do not say what they should: (nmID, column, shown, true)."""
    return [
        (nm, column, table.get(nm, {}).get(column), truth.get(nm, {}).get(column))
        for nm in sorted({*table, *truth})
        for column in sorted({*table.get(nm, ()), *truth.get(nm, ())})
        if table.get(nm, {}).get(column) != truth.get(nm, {}).get(column)
    ]


def letters(column):
    """The name of a column by its number from 1: 27 is AA."""
    before, last = divmod(column - 1, 26)
    return (letters(before) if before else "") + chr(65 + last)
