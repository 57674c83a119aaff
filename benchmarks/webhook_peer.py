"""The peer: Stripe's webhook as tutorials write it, by FastAPI, Stripe's SDK and SQLAlchemy's ORM.

`/construct` builds the SDK's event from the body; `/plain` lets the SDK check the signature alone
and reads the body as JSON. Both keep the event as JSONB, under its id, before they answer.
"""

import json
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import stripe
from fastapi import FastAPI, HTTPException, Request
from sqlalchemy import make_url
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

SECRET = os.environ["STRIPE_WEBHOOK_SECRET"]

engine = create_async_engine(
    make_url(os.environ["DATABASE_URL"]).set(drivername="postgresql+asyncpg")
)
sessions = async_sessionmaker(engine)


class Base(DeclarativeBase):
    pass


class StripeEvent(Base):
    __tablename__ = "peer_events"

    id: Mapped[str] = mapped_column(primary_key=True)
    type: Mapped[str]
    created: Mapped[int]
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    yield
    await engine.dispose()


app = FastAPI(lifespan=lifespan)


@app.get("/")
async def ready() -> Mapping[str, str]:
    return {"status": "ok"}


@app.post("/construct")
async def construct(request: Request) -> Mapping[str, str]:
    body, signature = await request.body(), request.headers.get("stripe-signature")
    try:
        event = stripe.Webhook.construct_event(body, signature, SECRET)
    except (ValueError, stripe.SignatureVerificationError) as wrong:
        raise HTTPException(400) from wrong
    return await _keep(event.id, event.type, event.created, json.loads(body))


@app.post("/plain")
async def plain(request: Request) -> Mapping[str, str]:
    body, signature = await request.body(), request.headers.get("stripe-signature")
    try:
        stripe.WebhookSignature.verify_header(body.decode(), signature, SECRET, 300)
        event = json.loads(body)
    except (ValueError, stripe.SignatureVerificationError) as wrong:
        raise HTTPException(400) from wrong
    return await _keep(event["id"], event["type"], event["created"], event)


async def _keep(
    event_id: str, kind: str, created: int, payload: dict[str, Any]
) -> Mapping[str, str]:
    async with sessions() as session:
        session.add(StripeEvent(id=event_id, type=kind, created=created, payload=payload))
        try:
            await session.commit()
        except IntegrityError:
            return {"status": "known"}
    return {"status": "ok"}
