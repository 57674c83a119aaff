"""How often one may try: enough for a forgetful person, too little for a guesser.

Three buckets stand before a sign-in: of the network; of the address from this network; and of the
address from anywhere, which stops a guesser with many networks. That last one does not hold for a
network from which the person signed in before, so nobody can lock her out from afar.
"""

from datetime import timedelta
from uuid import UUID

from app.accounts.accounts import Accounts
from app.accounts.read import is_known_place
from app.errors import TooMany
from app.web.door import Door, network
from domain.fact import fact
from domain.secrecy import Limiter


@fact
class Quota:
    """`limit` per `period`, all at once if nobody came for a while."""

    limit: int
    period: timedelta


MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)

SIGN_INS_OF_NETWORK = Quota(limit=60, period=MINUTE)
SIGN_INS_OF_PAIR = Quota(limit=10, period=10 * MINUTE)
SIGN_INS_OF_ADDRESS = Quota(limit=100, period=HOUR)
REGISTRATIONS_OF_NETWORK = Quota(limit=30, period=MINUTE)
REGISTRATIONS_OF_ADDRESS = Quota(limit=10, period=10 * MINUTE)
RENEWALS_OF_NETWORK = Quota(limit=300, period=MINUTE)


async def registration(accounts: Accounts, door: Door, email_key: bytes) -> None:
    """Raises TooMany."""
    await _spend(accounts.limiter, f"register:{network(door.ip)}", REGISTRATIONS_OF_NETWORK)
    await _spend(accounts.limiter, f"register:{email_key.hex()}", REGISTRATIONS_OF_ADDRESS)


async def sign_in(accounts: Accounts, door: Door, email_key: bytes) -> None:
    """Raises TooMany, for a known address as for an unknown one."""
    limiter = accounts.limiter
    await _spend(limiter, f"login:{network(door.ip)}", SIGN_INS_OF_NETWORK)
    await _spend(limiter, _pair(door, email_key), SIGN_INS_OF_PAIR)
    try:
        await _spend(limiter, f"login:{email_key.hex()}", SIGN_INS_OF_ADDRESS)
    except TooMany:
        if not await is_known_place(accounts.people, email_key, door.ip):
            raise


async def signed_in(accounts: Accounts, door: Door, email_key: bytes) -> None:
    """Who knew the password was no guesser."""
    await accounts.limiter.forget(_pair(door, email_key))


async def renewal(accounts: Accounts, door: Door) -> None:
    """Raises TooMany."""
    await _spend(accounts.limiter, f"refresh:{network(door.ip)}", RENEWALS_OF_NETWORK)


async def confirmation(accounts: Accounts, person: UUID) -> None:
    """Before somebody who is signed in enters her password once more. Raises TooMany."""
    await _spend(accounts.limiter, _again(person), SIGN_INS_OF_PAIR)


async def confirmed(accounts: Accounts, person: UUID) -> None:
    """She knew it."""
    await accounts.limiter.forget(_again(person))


async def _spend(limiter: Limiter, key: str, quota: Quota) -> None:
    verdict = await limiter.hit(key, quota.limit, quota.period, burst=quota.limit, strict=True)
    if not verdict.allowed:
        raise TooMany(verdict.retry_after)


def _pair(door: Door, email_key: bytes) -> str:
    return f"login:{email_key.hex()}:{network(door.ip)}"


def _again(person: UUID) -> str:
    return f"confirm:{person}"
