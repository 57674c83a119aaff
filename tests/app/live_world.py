"""A page that updates itself, those who look at it, and their browsers' event sources."""

import asyncio
from dataclasses import replace
from types import SimpleNamespace
from uuid import uuid4

from jinja2 import ChoiceLoader, DictLoader
from litestar import Litestar, Request

from app.errors import answer
from app.web.console import Console, Hub, Signed, live, router
from app.web.console import hub as hubs
from app.web.console import room as rooms
from app.web.console.rendering import ENVIRONMENT
from app.web.door import Doors
from domain.access import Role, TenantScope
from domain.events import Origin
from domain.secrecy import Secret
from tests.app.graphql_world import Patient

PATIENCE = 10.0
LONG = 3_600.0
BOARD = {
    "board.html": """
      {% block live_words %}<p id="words">{{ words }}</p>{% endblock %}
      {% block live_some_rows %}<ul id="some-rows">{{ rows }}</ul>{% endblock %}
      {% block live_form %}<form id="form">{{ csrf() }}{{ label }}</form>{% endblock %}
    """
}


async def nothing_kept(asker, door):
    """Nobody changes anything here."""


class Board:
    """The page: what it says, who is signed in, and how often it was read."""

    def __init__(self, clock):
        self.said = {"words": "one", "rows": "none", "label": "go"}
        self.signed, self.readers, self.broken = {}, [], None
        self.hub = Hub()
        console = Console(
            identify=self.identify,
            secret_key=Secret("a secret key for the tests only"),
            clock=clock,
            limiter=Patient(),
            hub=self.hub,
            keep_origin=nothing_kept,
        )
        pages = [
            live("/board", "board.html", self.values, Role.MEMBER),
            live("/board/{number:int}", "board.html", self.values),
            live("/staff", "board.html", self.values, staff=True),
        ]
        self.app = Litestar(
            [router(console, pages)],
            exception_handlers={Exception: answer},
            middleware=[Doors(clock, 0)],
            openapi_config=None,
            logging_config=None,
        )

    async def identify(self, request: Request):
        return self.signed.get(request.cookies.get("session"))

    async def values(self, visitor, request):
        self.readers.append(visitor.scope.person)
        if self.broken:
            raise self.broken
        return self.said | {"label": request.path_params.get("number", self.said["label"])}

    def say(self, company=None, **said):
        """Something changes, and rings for a company."""
        self.said = self.said | said
        self.hub.ring([company] if company else [])

    def person(self, role=Role.MEMBER, company=None, *, staff=False):
        """Somebody who has signed in: her session is `cookie`."""
        person, company = uuid4(), company or uuid4()
        signed = Signed(
            scope=TenantScope(tenant=company, person=person, role=role),
            origin=Origin(source="user", actor=person, correlation=uuid4(), causation="request:1"),
            session=uuid4(),
            company="Рыжий кот",
            staff=staff,
        )
        cookie = uuid4().hex
        self.signed[cookie] = signed
        return SimpleNamespace(cookie=cookie, id=person, company=company, world=self)

    def change_role(self, person, role):
        signed = self.signed[person.cookie]
        scope = replace(signed.scope, role=role)
        self.signed[person.cookie] = replace(signed, scope=scope)

    def dismiss(self, person):
        self.signed[person.cookie] = replace(self.signed[person.cookie], staff=False)


def quiet_board(clock, monkeypatch):
    """A page at which nobody looks unless it rings."""
    loader = ChoiceLoader([DictLoader(BOARD), ENVIRONMENT.loader])
    monkeypatch.setattr(ENVIRONMENT, "loader", loader)
    monkeypatch.setattr(hubs, "DEAF", LONG)
    monkeypatch.setattr(rooms, "PAUSE", 0.02)
    return Board(clock)


def source(person, path="/live/board", **more):
    """Hers."""
    return Source(person.world.app, person.cookie, path, **more)


class Source:
    """An EventSource of a browser. Leaves with the block, as a closed tab does."""

    def __init__(self, app, cookie, path="/live/board", last="", more="", **headers):
        self.app, self.events, self.status = app, asyncio.Queue(), asyncio.Queue()
        self.left = asyncio.Event()
        self.text, self.comments = "", 0
        told = {"cookie": f"session={cookie}; {more}", "accept": "text/event-stream", **headers}
        if last:
            told["last-event-id"] = last
        path, _, query = path.partition("?")
        self.scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in told.items()],
            "client": ("127.0.0.1", 1),
            "server": ("t", 80),
        }

    async def __aenter__(self):
        self.task = asyncio.create_task(self.app(self.scope, self.receive, self.send))
        async with asyncio.timeout(PATIENCE):
            self.answer = await self.status.get()
        self.code = self.answer["status"]
        self.headers = {name.decode(): value.decode() for name, value in self.answer["headers"]}
        return self

    async def __aexit__(self, *_):
        self.left.set()
        async with asyncio.timeout(PATIENCE):
            await self.task

    async def receive(self):
        if not hasattr(self, "asked"):
            self.asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message):
        if message["type"] == "http.response.start":
            self.status.put_nowait(message)
            return
        self.text += message["body"].decode()
        while "\n\n" in self.text:
            event, _, self.text = self.text.partition("\n\n")
            self.comments += event.startswith(":")
            fields = [line.partition(": ")[::2] for line in event.splitlines()]
            data = "\n".join(value for name, value in fields if name == "data")
            if "event" in (named := dict(fields)):
                self.events.put_nowait(Event(named["event"], data, named.get("id", "")))
        if not message.get("more_body"):
            self.events.put_nowait(None)

    async def next(self):
        """The next event; None: the stream has ended."""
        async with asyncio.timeout(PATIENCE):
            return await self.events.get()


class Event(SimpleNamespace):
    def __init__(self, kind, data, event_id):
        super().__init__(kind=kind, data=data, id=event_id)

    def __contains__(self, words):
        return words in self.data
