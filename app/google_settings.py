"""In whose names sheets are written, and where Google is."""

from app.variables import Variables
from domain.fact import fact
from domain.secrecy import Secret


@fact
class Google:
    """`accounts` are the JSON texts of service accounts' key files. `oauth`: id and secret of the
    client by which people sign in; without one nobody can."""

    accounts: tuple[Secret, ...]
    oauth: tuple[str, Secret] | None
    sheets_url: str
    drive_url: str
    accounts_url: str
    oauth_url: str


def google(found: Variables, *, production: bool) -> Google:
    """All optional: without an account and a client nobody can connect a sheet."""

    def host(name: str, default: str) -> str:
        return found.address(name, f"https://{default}", encrypted=production)

    return Google(
        accounts=found.service_accounts(
            "GOOGLE_SERVICE_ACCOUNT", "GOOGLE_SERVICE_ACCOUNT_KEY_PATH"
        ),
        oauth=found.oauth_client("GOOGLE_OAUTH_CLIENT_ID", "GOOGLE_OAUTH_CLIENT_SECRET"),
        sheets_url=host("GOOGLE_SHEETS_URL", "sheets.googleapis.com"),
        drive_url=host("GOOGLE_DRIVE_URL", "www.googleapis.com"),
        accounts_url=host("GOOGLE_ACCOUNTS_URL", "accounts.google.com"),
        oauth_url=host("GOOGLE_OAUTH_URL", "oauth2.googleapis.com"),
    )
