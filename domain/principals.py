"""In whose name sheets are written, and what the domain needs of Google for it.

Google counts calls by principal: an account of our pool, a service account of a seller's, or she
herself by her consent. Each has buckets of its own, shared by all workers.
"""

from collections.abc import Collection, Mapping, Sequence
from hashlib import blake2b
from typing import Protocol
from uuid import UUID

from domain.ports import Allowance
from domain.secrecy import Secret
from domain.sheet_port import Sheet
from domain.table.words import Words


class SignIn(Protocol):
    """Google's sign-in for people, by which she lets us make files in her Drive (OAuth 2.0 with a
    code and PKCE, RFC 7636)."""

    @property
    def on(self) -> bool:
        """Did the operator set it up?"""

    def address(self, state: str, verifier: str) -> str:
        """Where her browser is sent; it comes back with the state and a code."""

    async def consent(self, code: Secret, verifier: str) -> Secret:
        """What the code is exchanged for, to be kept. Raises Rejected, also when she let us make no
        files, and Unavailable."""


class Principals(Protocol):
    """Everybody who may write. A sheet by one of them raises as `domain.sheet_port.Sheet` says."""

    @property
    def robots(self) -> Sequence[str]:
        """The addresses of our pool, in the operator's order; none without one."""

    @property
    def sign_in(self) -> SignIn:
        """How people let us write in their names."""

    @property
    def allowances(self) -> Sequence[Allowance]:
        """What we may ask of Google in the names of our pool."""

    def spends(self, writer: str | UUID) -> Sequence[Allowance]:
        """What is asked of Google in the name of the account at this address, of our pool or hers,
        or by this consent of hers."""

    def robot(self, address: str, *, instead: bool = False) -> Sheet:
        """As one of our pool; `instead` of one that has left it, which its refusals then say."""

    def read(self, key: Secret) -> tuple[str, Secret]:
        """The address of a service account's key as Google hands it out, and what has to be kept of
        it. It takes a while. Raises Invalid, which names what is wrong with each of its fields."""

    def by_key(self, key_id: UUID, key: Secret) -> Sheet:
        """As a service account of hers, by what was kept of its key."""

    def by_consent(self, consent_id: UUID, consent: Secret) -> Sheet:
        """As she herself."""

    async def reach(self) -> None:
        """Is our pool let in at all? Raises Rejected or Unavailable."""


NOT_GIVEN, WITHOUT_FILES = "consent_not_given", "consent_without_files"
SIGN_IN: Mapping[str, Words] = {
    NOT_GIVEN: Words(
        ru="Google не подтвердил вход: войдите через Google ещё раз",
        en="Google did not confirm the sign-in: sign in with Google once more",
    ),
    WITHOUT_FILES: Words(
        ru="Вы не разрешили создавать файлы на вашем Диске: войдите через Google ещё раз "
        "и оставьте эту галочку",
        en="You did not let us make files in your Drive: sign in with Google once more and leave "
        "that box ticked",
    ),
}
"""Why a sign-in ended without a consent, by the stable word of the cause."""


def chosen(company: UUID, robots: Collection[str]) -> str:
    """Which of the pool is a company's: the same from any process, and companies spread evenly
    (highest random weight). Another pool may choose another, so what is chosen is put on record."""
    return max(robots, key=lambda each: blake2b(company.bytes + each.encode()).digest())
