"""gspread behind asyncio, tamed: bounded threads, our time-outs, no lock, no endless retries.

gspread-asyncio makes one call at a time with 1.1 s between, retries for ever and logs every
argument of a failed call. Here a shared budget paces the calls, so all of that is replaced.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial
from typing import Any, TypeVar

import gspread
from google.auth.credentials import Credentials
from google.auth.transport.requests import AuthorizedSession
from gspread_asyncio import AsyncioGspreadClient, AsyncioGspreadClientManager
from requests import Response
from requests.adapters import HTTPAdapter

from domain.fact import fact

R = TypeVar("R")

SHEETS = "https://sheets.googleapis.com"
DRIVE = "https://www.googleapis.com"
TIMEOUT = (10.0, 185.0)
"""Seconds to connect and to wait: Google itself gives up after 180 (Sheets API, usage limits)."""

# Google compresses answers only for clients that say so twice (Sheets API, performance tips).
_AGENT = "stock-tracker (gzip)"


@fact
class Addresses:
    """Where Google is; a sandbox stands elsewhere. Where tokens are had, the key says."""

    sheets: str = SHEETS
    drive: str = DRIVE

    def moved(self, url: str) -> str:
        """The same call at our address of the service."""
        for usual, ours in ((SHEETS, self.sheets), (DRIVE, self.drive)):
            if url.startswith(usual):
                return ours.rstrip("/") + url.removeprefix(usual)
        return url


class Session(AuthorizedSession):
    """Signs every request of gspread, renews the token, and goes to our addresses."""

    def __init__(self, credentials: Credentials, addresses: Addresses, connections: int) -> None:
        super().__init__(credentials)  # type: ignore[no-untyped-call]
        self._addresses = addresses
        self.headers["User-Agent"] = _AGENT
        self.trust_env = addresses.sheets == SHEETS  # no proxy before a sandbox
        for scheme in ("https://", "http://"):
            self.mount(scheme, HTTPAdapter(pool_maxsize=connections))

    def request(self, method: str, url: str, **kwargs: Any) -> Response:  # type: ignore[override] # noqa: ANN401 -- gspread's
        """As the session's."""
        moved = self._addresses.moved(url)
        answer: Response = super().request(method, moved, **kwargs)  # type: ignore[no-untyped-call]
        return answer


class Manager(AsyncioGspreadClientManager):  # type: ignore[misc]
    """One client for as long as the process lives."""

    def __init__(self, session: Callable[[], Session], threads: Executor) -> None:
        super().__init__(credentials_fn=lambda: None, gspread_delay=0)
        self._session = session
        self._threads = threads
        self._client: AsyncioGspreadClient | None = None

    async def request(self, method: str, url: str, **kwargs: object) -> Response:
        """One HTTP request, in a thread. Raises what gspread, requests and google-auth raise."""
        client = await self.authorize()
        answer: Response = await self._call(client.gc.http_client.request, method, url, **kwargs)
        return answer

    def close(self) -> None:
        """Of its connections."""
        if self._client is not None:
            self._client.gc.http_client.session.close()
            self._client = None

    async def _authorize(self) -> AsyncioGspreadClient:
        """Not every 45 minutes anew: the session keeps its token fresh, and its connections."""
        if self._client is None:
            session = await self._call(self._session)
            client = gspread.Client(auth=session.credentials, session=session)
            client.set_timeout(TIMEOUT)
            self._client = AsyncioGspreadClient(self, client)
        return self._client

    async def _call(self, method: Callable[..., R], *args: object, **kwargs: object) -> R:
        """Errors go up as they are: whether a call may be repeated only its caller knows."""
        kwargs.pop("api_call_count", None)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, partial(method, *args, **kwargs))
