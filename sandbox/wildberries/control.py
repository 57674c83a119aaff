"""The hand behind the stand-in: sellers and their tokens, changes, faults, counted calls."""

from collections.abc import Callable
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import msgspec
from litestar import Request, Response, Router, delete, get, post
from litestar.datastructures import State

from sandbox.sellers import Change, SeedTaken, Seller, Spec, UnknownToSeller
from sandbox.wildberries import tokens
from sandbox.wildberries.answer import Answer, Refused, json, ok
from sandbox.wildberries.endpoints import CONTENT, NAMES
from sandbox.wildberries.faults import Fault
from sandbox.wildberries.market import Market

Asked = Request[Any, Any, State]


def router(market: Market) -> Router:
    """All control calls, under /sandbox."""
    handlers = (*_seller_calls(market), *_fault_calls(market), *_count_calls(market))
    return Router("/sandbox", route_handlers=handlers)


def _seller_calls(market: Market) -> tuple[Any, ...]:
    @get("/sellers", sync_to_thread=False)
    def sellers() -> Response[bytes]:
        now = market.clock()
        return ok([_described(seller, now) for seller in market.world.sellers.values()]).response()

    @post("/sellers")
    async def add_seller(request: Asked) -> Response[bytes]:
        spec = await _read(request, Spec)
        return _said(201, lambda: _added(market, spec))

    @post("/sellers/{seller_id:str}/changes")
    async def change(request: Asked) -> Response[bytes]:
        changes = await _read(request, Change | list[Change])
        many = changes if isinstance(changes, list) else [changes]
        seller_id = request.path_params["seller_id"]
        return _said(200, lambda: _changed(market, seller_id, many))

    return sellers, add_seller, change


def _fault_calls(market: Market) -> tuple[Any, ...]:
    @get("/faults", sync_to_thread=False)
    def faults() -> Response[bytes]:
        return ok(market.faults.ordered).response()

    @post("/faults")
    async def order_fault(request: Asked) -> Response[bytes]:
        fault = await _read(request, Fault)
        if fault.endpoint not in ("*", *NAMES):
            raise _bad(f"endpoint: {fault.endpoint} is none of *, {', '.join(NAMES)}")
        market.fault(fault)
        return json(201, fault).response()

    @delete("/faults", status_code=200, sync_to_thread=False)
    def clear_faults() -> Response[bytes]:
        market.faults.clear()
        return ok([]).response()

    return faults, order_fault, clear_faults


def _count_calls(market: Market) -> tuple[Any, ...]:
    @get("/calls", sync_to_thread=False)
    def calls() -> Response[bytes]:
        return ok(_counted(market)).response()

    @delete("/calls", status_code=200, sync_to_thread=False)
    def reset_calls() -> Response[bytes]:
        market.calls.reset()
        return ok(_counted(market)).response()

    @delete("/limits", status_code=200, sync_to_thread=False)
    def fill_buckets() -> Response[bytes]:
        market.buckets.reset()
        return ok({}).response()

    return calls, reset_calls, fill_buckets


def _described(seller: Seller, now: float) -> dict[str, object]:
    return {
        "id": seller.id,
        "name": seller.name,
        "products": len(seller.cards),
        "places": [{"id": p.id, "name": p.name, "kind": p.kind} for p in seller.places],
        "spec": seller.spec,
        "client_secret": tokens.SERVICE_SECRET,
        "tokens": ready_tokens(seller.id, now),
    }


def ready_tokens(seller_id: str, now: float) -> dict[str, str]:
    """A token of each kind, and of each way to be refused."""
    until = now + tokens.LIFETIME_S
    whole = {str(kind): tokens.issue(seller_id, kind, expires=until) for kind in tokens.ACC}
    stranger = str(uuid5(NAMESPACE_URL, seller_id))
    return {
        **whole,
        "content_only": tokens.issue(seller_id, scopes=(CONTENT,), expires=until),
        "expired": tokens.issue(seller_id, expires=now - 1),
        "withdrawn": tokens.issue(stranger, expires=until),
    }


def _added(market: Market, spec: Spec) -> object:
    seller = market.world.add(spec, now=market.clock())
    market.keep()
    return _described(seller, market.clock())


def _changed(market: Market, seller_id: str, changes: list[Change]) -> object:
    try:
        seller = market.world.change(seller_id, *changes, at=market.clock())
    finally:
        market.keep()
    return {"id": seller.id, "version": seller.version, "products": len(seller.cards)}


def _counted(market: Market) -> dict[str, object]:
    calls = market.calls
    return {
        "total": calls.total,
        "by_endpoint": calls.by_endpoint,
        "by_status": {str(status): count for status, count in calls.by_status.items()},
        "by_seller": calls.by_seller,
    }


async def _read(request: Asked, kind: Any) -> Any:  # noqa: ANN401 -- a union is no type[T]
    try:
        return msgspec.json.decode(await request.body(), type=kind)
    except msgspec.MsgspecError as wrong:
        raise _bad(str(wrong)) from None


def _said(status: int, act: Callable[[], object]) -> Response[bytes]:
    try:
        return json(status, act()).response()
    except UnknownToSeller as unknown:
        raise _bad(str(unknown)) from None
    except SeedTaken as taken:
        raise _bad(str(taken)) from None


def _bad(sentence: str) -> Refused:
    return Refused(json(400, {"error": sentence}))


def refused(_: Asked, refusal: Refused) -> Response[bytes]:
    """Litestar's handler of a refusal."""
    answer: Answer = refusal.answer
    return answer.response()
