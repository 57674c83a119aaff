"""Whether and how mail is sent, and where its links lead."""

from app.variables import Variables
from domain.fact import fact
from domain.secrecy import Secret


@fact
class Mail:
    """`encrypted`: nothing is sent to a server that does not encrypt."""

    url: Secret
    sender: str
    encrypted: bool


def mail(found: Variables, *, production: bool) -> Mail | None:
    """Off unless both are given; one alone is a mistake."""
    if not (found.text("SMTP_URL") or found.text("MAIL_FROM")):
        return None
    url, near = found.smtp_url("SMTP_URL")
    return Mail(url=url, sender=found.sender("MAIL_FROM"), encrypted=production and not near)


def public_url(found: Variables, port: int, *, production: bool) -> str:
    """Mails link there, and Google sends people back there: who uses either in production has to
    say it."""
    if production and found.text("SMTP_URL"):
        found.need("PUBLIC_URL", "Mails link to the console: give its address, https://…")
    elif production and found.text("GOOGLE_OAUTH_CLIENT_ID"):
        found.need("PUBLIC_URL", "Google sends people back to the console: give its address.")
    return found.address("PUBLIC_URL", f"http://127.0.0.1:{port}", encrypted=production)
