"""What a page declares is held to: who may come, by which road, and what is known of her then."""

from string import punctuation
from urllib.parse import quote
from uuid import uuid4

import httpx
import pytest
from litestar import Litestar
from litestar.di import NamedDependency

from app.errors import answer
from app.web.console import Console, Form, Signed, Visitor, action, page, router, see_other
from app.web.console.forms import Tokens
from app.web.door import Doors
from domain.access import Role, TenantScope
from domain.events import Origin
from domain.secrecy import Secret
from tests.app.console_world import FORM, OURS
from tests.app.graphql_world import Patient

SECRET_KEY = Secret("a secret key for the tests only")
PLACES = {"everybody": None, "viewers": Role.VIEWER, "admins": Role.ADMIN}


def looked_at(name, least, **more):
    @page(f"/{name}", least, **more)
    async def shown(visitor: NamedDependency[Visitor]) -> str:
        return f"{visitor.path} {visitor.door.secure}"

    return shown


def sent_to(name, least):
    @action(f"/{name}", least)
    async def done(form: NamedDependency[Form]) -> object:
        return see_other(f"/done?{form.text('word')}&{form.every('row')}")

    return done


@pytest.fixture
def visit(clock):
    """Come as somebody: `await visit("/viewers", role=…)`."""

    async def visit(path, role=None, *, staff=False, form=None, proxies=0, **headers):
        signed = signed_as(role, staff=staff) if role else None

        async def identify(request):
            return signed

        pages = [looked_at(name, least) for name, least in PLACES.items()]
        pages += [sent_to(name, least) for name, least in PLACES.items()]
        pages += [looked_at("staff", Role.VIEWER, staff=True)]

        async def forget(asker, door):
            pass

        console = Console(
            identify=identify,
            secret_key=SECRET_KEY,
            clock=clock,
            limiter=Patient(),
            keep_origin=forget,
        )
        app = Litestar(
            [router(console, pages)],
            exception_handlers={Exception: answer},
            middleware=[Doors(clock, proxies)],
            openapi_config=None,
        )
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://t"
        ) as http:
            if form is None:
                return await http.get(path, headers=headers)
            token = Tokens(SECRET_KEY).of(signed.session) if signed else ""
            return await http.post(path, content=f"csrf={token}&{form}", headers=FORM | OURS)

    return visit


def signed_as(role, *, staff):
    person = uuid4()
    return Signed(
        scope=TenantScope(tenant=uuid4(), person=person, role=role),
        origin=Origin(source="user", actor=person, correlation=uuid4(), causation="request:1"),
        session=uuid4(),
        company="Рыжий кот",
        staff=staff,
    )


@pytest.mark.parametrize("form", [None, "word=cat"], ids=["page", "form"])
@pytest.mark.parametrize(
    ("path", "role", "status"),
    [
        ("/everybody", None, 200),
        ("/viewers", None, 303),
        ("/viewers", Role.VIEWER, 200),
        ("/admins", Role.MEMBER, 403),
        ("/admins", Role.ADMIN, 200),
        ("/admins", Role.OWNER, 200),
    ],
)
async def test_only_who_is_named_may_come(visit, form, path, role, status):
    answered = await visit(path, role, form=form)

    done = form is not None and status == 200
    assert answered.status_code == (303 if done else status)
    assert answered.headers.get("location", "").startswith("/done") == done


async def test_a_page_for_staff_is_for_nobody_else_whatever_her_role(visit):
    owner, staff = await visit("/staff", Role.OWNER), await visit("/staff", Role.VIEWER, staff=True)

    assert (owner.status_code, staff.status_code) == (403, 200)


async def test_a_form_gives_all_values_of_a_name_as_they_were_sent(visit):
    answered = await visit("/viewers", Role.VIEWER, form="word=%D0%BA%D0%BE%D1%82&row=1&row=&row=2")

    assert answered.headers["location"] == quote("/done?кот&['1', '', '2']", safe=punctuation)


@pytest.mark.parametrize(
    ("proxies", "told", "secure"),
    [
        (0, "https", False),
        (1, "https", True),
        (1, "https, http", False),
        (2, "https, http", True),
        (2, "https", True),
        (2, "https, http, http", False),
        (1, "", False),
    ],
)
async def test_only_our_own_proxies_say_that_it_was_https(visit, proxies, told, secure):
    answered = await visit("/everybody", proxies=proxies, **{"x-forwarded-proto": told})

    assert answered.text == f"/everybody {secure}"
    assert ("strict-transport-security" in answered.headers) == secure
