"""The way through the gateway: faults, token, token type, scope, bucket; then the method itself."""

from litestar import Request, Response
from litestar.datastructures import State

from sandbox.wildberries import problems, tokens
from sandbox.wildberries.answer import Answer, Refused
from sandbox.wildberries.buckets import Denied
from sandbox.wildberries.call import Answering, Call
from sandbox.wildberries.endpoints import Endpoint, Limit
from sandbox.wildberries.market import Market

FIRST_4XX, FIRST_5XX = 400, 500


async def serve(
    market: Market,
    endpoint: Endpoint,
    answering: Answering,
    request: Request[object, object, State],
) -> Response[bytes]:
    """Answer one call as Wildberries would, or as an ordered fault would have it."""
    now = market.clock()
    claims, refusal = _identified(market, request.headers.get("authorization"), now)
    seller = market.world.sellers.get(claims.sid) if claims else None
    fault = market.faults.take(endpoint.name, seller.id if seller else None)
    if fault:
        await fault.wait()
    answer = fault.refusal(now) if fault else None
    if answer is None:
        body = await request.body()
        if seller is None or claims is None:
            answer = problems.gateway(401, refusal, now)
        else:
            call = Call(market, seller, now, request.path_params, dict(request.query_params), body)
            secret = request.headers.get(tokens.SECRET_HEADER)
            answer = _admitted(endpoint, claims, secret, call, answering)
        answer = fault.spoil(answer) if fault else answer
    market.calls.note(endpoint.name, seller.id if seller else None, answer.status)
    return answer.response()


def _identified(
    market: Market, authorization: str | None, now: float
) -> tuple[tokens.Claims | None, str]:
    try:
        claims = tokens.read(authorization, now)
    except tokens.BadToken as bad:
        return None, str(bad)
    if claims.sid not in market.world.sellers:
        return None, "token withdrawn"
    return claims, ""


def _admitted(
    endpoint: Endpoint, claims: tokens.Claims, secret: str | None, call: Call, answering: Answering
) -> Answer:
    try:
        limit = _allowed(endpoint, claims, secret, call.now)
    except Refused as refused:
        return refused.answer
    buckets = call.market.buckets
    left = buckets.take(call.seller.id, endpoint.bucket, limit, call.now)
    if isinstance(left, Denied):
        detail = f"Limited by global limiter, per seller {call.seller.id}"
        refusal = problems.gateway(429, detail, call.now)
        return refusal.with_headers(buckets.headers(left))
    try:
        answer = answering(call)
    except Refused as refused:
        answer = refused.answer
    if FIRST_4XX <= answer.status < FIRST_5XX and endpoint.cost_4xx > 1:
        buckets.charge(call.seller.id, endpoint.bucket, limit, endpoint.cost_4xx - 1)
        left = max(0, left - endpoint.cost_4xx + 1)
    return answer.with_headers({"X-Ratelimit-Remaining": str(left)})


def _allowed(endpoint: Endpoint, claims: tokens.Claims, secret: str | None, now: float) -> Limit:
    """The limit this token has here, or Refused: 401 by scope, 403 by token type."""
    if not claims.covers(endpoint.scope):
        raise Refused(problems.gateway(401, problems.NO_SCOPE, now))
    if claims.acc != tokens.ACC["base"]:
        return endpoint.full
    if secret is not None and secret != tokens.SERVICE_SECRET:
        raise Refused(problems.gateway(403, "client secret is not valid", now))
    if secret is not None and endpoint.with_secret:
        return endpoint.full
    if endpoint.basic is None:
        detail = problems.NO_SECRET if endpoint.with_secret else problems.NO_BASE
        raise Refused(problems.gateway(403, detail, now))
    return endpoint.basic
