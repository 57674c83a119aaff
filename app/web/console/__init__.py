"""The console's foundation: what every page of every feature is made of.

A feature's pages live in `app/<feature>/pages.py`, their templates in `app/<feature>/templates/`
(there `stock/start.html` is `start.html` of the feature stock). `app/main.py` mounts them. A page:

    @page("/runs", Role.VIEWER)                        # GET; Role.VIEWER is the default
    async def runs(visitor: NamedDependency[Visitor]) -> str:
        rows = await read.runs(database, visitor.scope, Wanted(), 50)
        return render("runs/runs.html", visitor, rows=rows)

    @action("/runs/{run_id:uuid}/cancel", Role.MEMBER) # POST; checked for forgery before it begins
    async def cancel(
        run_id: FromPath[UUID], visitor: NamedDependency[Visitor], form: NamedDependency[Form]
    ) -> Response[Any]:
        await visitor.asker.tell(handle, …)
        return see_other(f"/runs/{run_id}")            # or html(render(…), 422) with what was wrong

`least=None` is a page for everybody, `staff=True` one for who runs the servers. Who is not signed
in is sent to `/sign-in` and back. What a handler raises becomes a page in words (a refusal's own
sentence), so a handler catches only what belongs beside a field.

**Visitor**: `scope` (for reads), `asker` (for commands), `may(Role.ADMIN)`, `staff`, `language`,
`theme`, `zone`, `now`, `csrf`, `say("… %(name)s", name=…)` for a message of the catalogue.

**Templates** extend `layout.html` and fill `title`, `main` and, where needed, `head`. What updates
itself is a block `live_<id>` around one element with that id (`live_late_seller`: `late-seller`):

    {% extends "layout.html" %}
    {% block title %}{% trans %}Runs{% endtrans %}{% endblock %}
    {% block head %}{{ ui.live() }}{% endblock %}
    {% block live %} data-live="/live{{ visitor.back }}"{% endblock %}
    {% block main %}
    {% block live_list %}<section id="list" data-part>…</section>{% endblock %}
    {% endblock %}

The element also says `data-part`: then it is replaced when the page is asked for anew.
`fragments(template, visitor, values)` renders each live block by itself: {id: html}. Hence a live
block uses nothing but the values, `visitor` and globals: no `{% import %}`, no outer `{% set %}`.
**Streams**: beside the page, `live("/runs", "runs/runs.html", values)` answers at `/live/runs`;
`values(visitor, request)` gives what the page's handler renders with. Facts and runs of the company
wake it, of every company for the staff; then the live blocks are rendered once for all who see the
page alike, and those that have changed are sent. Hence a live block shows nothing of one person,
but for the token of her forms: `csrf()` is each viewer's own there too.

A page without a stream says `data-poll="2"` instead of `data-live`: it is asked for again every
two seconds until it no longer says so; `data-from`: where, if not at its own address.

Globals: `ui` (the components, see `templates/parts.html`: `ui.state("failed")`, `ui.icon("told")`,
`ui.note`, `ui.empty`, `ui.field`, `ui.press`, `ui.bar`, `ui.copied`), `csrf()` in every form,
`asset("console.css")`. Filters: `number` (1,982 / 1 982), `moment` (08:21, 22 Nov 08:00), `clock`
(08:21:07), `day`,
`ago`, `duration` (seconds or timedelta), `heard` (a refusal, or what the menu says).

**Languages**: English in the code, `{% trans %}` in templates, `visitor.say(…)` in pages, `_(…)` to
mark what is said later; `%` is written `%%` within `{% trans %}`. `make words` brings
`locale/ru.po` up to date, sorted; a test fails on a message without its Russian.

**The banner** is one line above every page, `{{ visitor.banner }}` of the layout: what a company
has to hear of wherever its people are. `Console.banner` makes it.

**The menu** is one list, `menu.py`; an entry shows as soon as a page has its path.

No `style=`, no inline script (the policy in `guards.py`); classes are those of `console.css`.
"""

from app.web.console.cookies import cookie, cookie_of, forgotten, zone_cookie
from app.web.console.forms import Form
from app.web.console.hub import Hub
from app.web.console.live import live
from app.web.console.mishaps import HTML
from app.web.console.rendering import fragments, render
from app.web.console.routes import Console, action, html, page, router, see_other
from app.web.console.visitor import Signed, Visitor
from app.web.languages import LANGUAGES

__all__ = (
    "HTML",
    "LANGUAGES",
    "Console",
    "Form",
    "Hub",
    "Signed",
    "Visitor",
    "action",
    "cookie",
    "cookie_of",
    "forgotten",
    "fragments",
    "html",
    "live",
    "page",
    "render",
    "router",
    "see_other",
    "zone_cookie",
)
