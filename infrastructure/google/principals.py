"""Everybody in whose name sheets are written, each with a session and buckets of its own."""

import json
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from domain.errors import Rejected
from domain.fact import fact
from domain.ports import Allowance
from domain.principals import SignIn
from domain.secrecy import Secret
from domain.sheet_port import Sheet
from domain.table.refusals import refusal
from infrastructure.google.absent import NoGoogle
from infrastructure.google.credentials import Account
from infrastructure.google.own_key import kept_key, own_key, project_of
from infrastructure.google.principal import LEFT, OWN, Client, Principal, counted, person, robot
from infrastructure.google.quota import allowances
from infrastructure.google.sheets import GoogleSheets, Means
from infrastructure.google.sign_in import NoSignIn

TOKEN_PATH = "/token"  # noqa: S105 - of an address
OLD_TOKEN_URI = "https://accounts.google.com/o/oauth2/token"  # noqa: S105 - an address
"""It stands in keys that were made before 2018, and still answers."""
REMEMBERED = 200
"""Sellers' own principals whose connections and tokens are kept, at most."""
IDLE = timedelta(hours=1)
"""How long one is kept that writes nothing: so long it is let in. Longer, what may have been taken
back since would lie in memory for nothing."""


@fact
class Doors:
    """Where tokens are had. `oauth` is the operator's, Google's own unless he said otherwise;
    without a `client` nobody can sign in."""

    oauth: str
    client: Client | None = None
    sign_in: SignIn = NoSignIn()

    @property
    def token_uris(self) -> Sequence[str]:
        """What a key may name."""
        return (self.oauth + TOKEN_PATH, OLD_TOKEN_URI)


class GooglePrincipals:
    """Implements `domain.principals.Principals`."""

    def __init__(self, pool: Sequence[Account], means: Means, doors: Doors) -> None:
        self._means = means
        self._doors = doors
        self._pool = {each.address: GoogleSheets(robot(each), means) for each in pool}
        self._own: OrderedDict[UUID, tuple[GoogleSheets, datetime]] = OrderedDict()

    @property
    def robots(self) -> Sequence[str]:
        """See the port."""
        return tuple(self._pool)

    @property
    def sign_in(self) -> SignIn:
        """See the port."""
        return self._doors.sign_in

    @property
    def allowances(self) -> Sequence[Allowance]:
        """See the port. Accounts of one project share its buckets."""
        every = (each for sheets in self._pool.values() for each in sheets.allowances)
        return list({each.key: each for each in every}.values())

    def spends(self, writer: str | UUID) -> Sequence[Allowance]:
        """See the port."""
        if isinstance(writer, UUID):
            client = self._doors.client
            return allowances(counted(writer), client.project) if client else ()
        if writer in self._pool:
            return self._pool[writer].allowances
        return allowances(writer, project_of(writer))

    def robot(self, address: str, *, instead: bool = False) -> Sheet:
        """See the port. Without a pool all works but the sheet, which says what is missing."""
        self._forget()
        if not self._pool:
            return NoGoogle()
        return self._pool[address].meaning(LEFT) if instead else self._pool[address]

    def read(self, key: Secret) -> tuple[str, Secret]:
        """See the port."""
        account = own_key(key.reveal(), self._doors.token_uris)
        return account.address, Secret(json.dumps(dict(account.key)))

    def by_key(self, key_id: UUID, key: Secret) -> Sheet:
        """See the port."""
        return self._known(key_id, lambda: robot(kept_key(json.loads(key.reveal())), OWN))

    def by_consent(self, consent_id: UUID, consent: Secret) -> Sheet:
        """See the port."""
        client = self._doors.client
        if client is None:
            cause = "google_client_refused"
            raise Rejected(refusal(cause), cause=cause)
        return self._known(consent_id, lambda: person(client, consent_id, consent))

    async def reach(self) -> None:
        """See the port."""
        for each in self._pool.values():
            await each.reach()
        if not self._pool:
            await NoGoogle().reach()

    async def close(self) -> None:
        """Calls in flight end by themselves."""
        self._means.threads.shutdown(wait=False)
        for each in (*self._pool.values(), *(sheets for sheets, _ in self._own.values())):
            each.close()

    def _known(self, secret_id: UUID, principal: Callable[[], Principal]) -> Sheet:
        """Another key has another id, so what is remembered of one is never out of date."""
        sheets, _ = self._own.pop(secret_id, (None, None))
        sheets = sheets or GoogleSheets(principal(), self._means)
        self._own[secret_id] = sheets, self._means.clock()
        self._forget()
        return sheets

    def _forget(self) -> None:
        """The first one is that which was used longest ago."""
        old = self._means.clock() - IDLE
        while self._own:
            secret_id, (sheets, used_at) = next(iter(self._own.items()))
            if used_at >= old and len(self._own) <= REMEMBERED:
                return
            del self._own[secret_id]
            sheets.close()
