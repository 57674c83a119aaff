"""The command line: `stock-tracker --help`."""

import errno
import socket
import sys
from uuid import UUID

import click

from app import settings
from app.billing_commands import billing
from app.capture_command import capture
from app.command import loaded, loaded_with_old, run, told
from app.projection_commands import projections
from app.report_command import report
from app.settings import Settings
from app.staff_commands import staff
from app.supervise import Children, end_with_parent, stop_on_signals
from domain.errors import Refused

BACKLOG = 1024
LAST_WORDS = 10
"""Seconds at the end for answers that are under way: some clients never take theirs."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="stock-tracker")
def main() -> None:
    """A seller's marketplace stock, orders and turnover, per warehouse, in her Google Sheet.

    Settings come from the environment and from .env; .env.example names them all.
    """


main.add_command(billing)
main.add_command(capture)
main.add_command(projections)
main.add_command(report)
main.add_command(staff)


@main.command()
def demo() -> None:
    """Run everything on this machine, with a demo seller. Needs no account and no server."""
    try:
        from app.demo import demonstrate
    except ModuleNotFoundError as missing:
        message = f"The sandbox is not installed here ({missing.name} is missing). Use `make run`."
        raise click.ClickException(message) from missing
    with told(endless=True):
        demonstrate()


@main.command()
@click.option("--web", is_flag=True, help="Only the web side.")
@click.option("--worker", is_flag=True, help="Only the worker.")
@click.option("--supervised", is_flag=True, hidden=True)
def serve(*, web: bool, worker: bool, supervised: bool) -> None:
    """Run the web side and the worker, or one of them."""
    with told(endless=True):
        read = loaded()
        if supervised:
            end_with_parent()
        if web == worker:
            _serve_both(read)
        elif web:
            _serve_web(read)
        else:
            from app import worker as workers

            run(workers.main(read))


@main.command()
def migrate() -> None:
    """Bring the database to this version, and make the keys that live in it."""
    from app.wiring import prepare

    with told():
        run(prepare(loaded()))
        click.echo("The database is up to date.")


@main.command("migrate-legacy")
@click.option("--email", help="Of who will own the company; asked for on a terminal.")
@click.option("--name", help="Her name; her address up to the @ if left out.")
@click.option("--company", help="The company's name; the seller's at Wildberries if left out.")
@click.option("--password-stdin", is_flag=True, help="Her password is the first line piped in.")
@click.option("--dry-run", is_flag=True, help="Try everything live, say what would be done.")
def migrate_from_legacy(*, password_stdin: bool, dry_run: bool, **who: str | None) -> None:
    """Bring the old single-user tool's seller over: reads its .env, makes her company.

    Running it again changes nothing. The old tool can go on at any time.
    """
    from app.migrate_legacy import migrate_legacy
    from app.old_owner import owner

    with told():
        read, old = loaded_with_old()
        run(migrate_legacy(read, old, owner(**who, password_stdin=password_stdin), dry=dry_run))


@main.command("rotate-keys")
def rotate_all_keys() -> None:
    """Wrap all kept keys under the first ENCRYPTION_MASTER_KEY; then the others may leave."""
    from app.wiring import rotate_keys

    with told():
        count = run(rotate_keys(loaded()))
        click.echo(f"{count} keys rewritten. All of them open with the first master key now.")


@main.group()
def feed() -> None:
    """Pass every fact of every company on to another program."""


@feed.command("follow")
@click.argument("name")
@click.option("--once", is_flag=True, help="End when nothing is left.")
def feed_follow(name: str, *, once: bool) -> None:
    """Print facts as JSON lines, from where the consumer NAME stopped, and go on as they come."""
    from app.feed import follow

    with told(endless=True):
        run(follow(loaded(), name, once=once))


@feed.command("list")
def feed_list() -> None:
    """Show how far each consumer is behind."""
    from app.feed import show_lags

    with told():
        run(show_lags(loaded()))


@feed.command("forget")
@click.argument("name")
def feed_forget(name: str) -> None:
    """Forget how far the consumer NAME has come: it would begin at the first fact again."""
    from app.feed import forget

    with told():
        if not run(forget(loaded(), name)):
            raise Refused(f"There is no consumer {name}. `stock-tracker feed list` shows them.")
        click.echo(f"{name} is forgotten.")


@main.command()
def doctor() -> None:
    """Try every part, and say what to do about those that fail."""
    from app.doctor import diagnose

    with told():
        sys.exit(run(diagnose(loaded())))


@main.command()
@click.option("--shop", type=click.UUID, help="Its id; without it the oldest shop.")
def sync(shop: UUID | None) -> None:
    """Sync one shop now, with a progress bar."""
    from app.sync import sync_shop

    with told():
        sys.exit(run(sync_shop(loaded(), shop)))


@main.command("erase-person")
@click.argument("who")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase_person_for_ever(who: str, *, yes: bool) -> None:
    """Delete all that says who a person is; WHO is her e-mail address or id."""
    from app.erase_person import erase_person

    with told():
        sys.exit(run(erase_person(loaded(), who, sure=yes)))


@main.group()
def audit() -> None:
    """The audit log: take it along, seal it, verify what was taken."""


@audit.command("export")
@click.option("--tenant", type=click.UUID, required=True, help="The company's id.")
@click.option("--reason", required=True, help="Why; it stays on record. A ticket, never a name.")
@click.option("--format", "form", help="jsonl (can be verified; the default) or csv.")
@click.option("--since", help="Facts recorded from here on: a day or a time with its zone.")
@click.option("--until", help="Facts recorded before.")
@click.option("--actor", help="Done by this person: her id.")
@click.option("--action", help="One of these, with a comma between; tenant.* are all of them.")
@click.option("--target", help="About this: an id, or how a name begins or nearly is.")
@click.option("--source", help="Through this door: user, api_token, run, staff, cli …")
@click.option("--correlation", help="All that followed from one request: its id.")
@click.option("--order", help="oldest (the default) or newest first.")
@click.option("--language", help="ru (the default) or en.")
@click.option("-o", "--output", type=click.Path(dir_okay=False), help="A file, not the screen.")
def audit_export(
    tenant: UUID, reason: str, form: str | None, output: str | None, **asked: str | None
) -> None:
    """Write a company's audit log; that you did is recorded in it.

    Only what is narrowed by nothing but time, the oldest first, can be verified.
    """
    from app.audit.export.asked import wish
    from app.audit.export.staff import export_for_staff
    from app.wiring import opened

    async def export() -> None:
        wished = wish({**asked, "format": form})
        async with opened(loaded()) as product:
            await export_for_staff(product.exports, tenant, reason, wished, output)

    with told():
        run(export())


@audit.command("seal")
def audit_seal() -> None:
    """Seal now every history that has changed since its last seal."""
    from datetime import timedelta

    from app.wiring import opened

    async def seal() -> int:
        async with opened(loaded()) as product:
            return await product.exports.sealing.changed(timedelta())

    with told():
        click.echo(f"Sealed: {run(seal())}.")


@audit.command("verify")
@click.argument("file")
@click.option("--key", help="The public key you trust: base64, or a file with it.")
@click.option("--tenant", type=click.UUID, help="The company that it must be of.")
@click.option("--before", help="An earlier export, which it must go on from.")
def audit_verify(file: str, **asked: object) -> None:
    """Check an exported log (JSON Lines) offline; `-` reads what is piped in.

    0: intact; 1: not; 2: it cannot be checked. Needs no settings, no server and no database.
    """
    from app.audit import verifier

    given = [f"--{name}={value}" for name, value in asked.items() if value is not None]
    sys.exit(verifier.main([*given, "--", file], click.echo))


def _serve_both(read: Settings) -> None:
    _ensure_free(read)
    stop_on_signals()
    children = Children()
    try:
        for part in ("web", "worker"):
            children.start(part, ["app", "serve", f"--{part}", "--supervised"], {})
        children.keep()
    finally:
        children.stop()


def _serve_web(read: Settings) -> None:
    from granian.constants import Interfaces
    from granian.server import Server

    from app.main import tried  # the server's child is a fork, which has it all imported

    _ensure_free(read)
    run(tried(read))
    Server(
        "app.main:asgi",
        address=read.host,
        port=read.port,
        interface=Interfaces.ASGI,
        backlog=BACKLOG,
        log_access=False,
        respawn_failed_workers=True,
        workers_kill_timeout=LAST_WORDS,
    ).serve()


def _ensure_free(read: Settings) -> None:
    """granian would share a taken port (SO_REUSEPORT), and each would get some of the requests."""
    try:
        found = socket.getaddrinfo(read.host, read.port, type=socket.SOCK_STREAM)
        with socket.socket(found[0][0], socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(found[0][4])
    except OSError as error:
        name = "PORT" if settings.text("PORT") else "API_PORT"
        if error.errno == errno.EADDRINUSE:
            message = f"Port {read.port} is taken. Stop who has it, or set {name} to another."
            raise Refused(message) from error
        message = f"{read.host}:{read.port} cannot be listened on ({error.strerror})."
        raise Refused(f"{message} Set API_HOST and {name}.") from error
