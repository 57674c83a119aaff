"""Where a secret could have come to lie: logs, database, Redis, answers. None may."""

import json
import zlib
from collections import defaultdict

import asyncpg
from redis import Redis

TABLES = """
SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
"""


async def leaks(product):
    """Sentences: which secret lies where. A secret is named by its first letters only."""
    secrets = {each.encode() for each in _secrets(product)}
    lies = [*_logs(product), *_answers(product), *_redis(product)]
    lies += [each async for each in _rows(product)]
    return [
        _said(where, each) for where, text in _together(lies) for each in secrets if each in text
    ]


def _together(lies):
    """What lies in one place is searched once."""
    places = defaultdict(list)
    for where, text in lies:
        places[where].append(text)
    return ((where, b"\0".join(texts)) for where, texts in places.items())


def _said(where, secret):
    return f"{where} holds {secret[:12].decode(errors='replace')}…"


def _secrets(product):
    """Of the robot's private key one line in the middle: they may be joined differently."""
    robot = json.loads(product.environ["GOOGLE_SERVICE_ACCOUNT"])
    yield from product.secrets
    yield robot["private_key"].splitlines()[5]
    for name in ("WILDBERRIES_SERVICE_SECRET", "GOOGLE_OAUTH_CLIENT_SECRET"):
        if secret := product.environ.get(name):
            yield secret


def _logs(product):
    for file in sorted(product.folder.glob(f"{product.name}*")):
        yield file.name, file.read_bytes()


def _answers(product):
    for path, text in product.told:
        yield f"an answer of {path}", text.encode()


def _redis(product):
    with Redis.from_url(product.environ["REDIS_URL"]) as redis:
        for key in redis.scan_iter():
            yield "a key in Redis", key
            yield f"Redis {key!r}", repr(_value(redis, key)).encode()


def _value(redis, key):
    match redis.type(key):
        case b"string" | b"none":  # the latter has ended since it was listed
            return redis.get(key)
        case b"hash":
            return redis.hgetall(key)
        case b"list":
            return redis.lrange(key, 0, -1)
        case b"set":
            return redis.smembers(key)
        case b"zset":
            return redis.zrange(key, 0, -1)
        case b"stream":
            return redis.xrange(key)
        case other:
            raise AssertionError(f"Redis {key!r} is a {other!r}: look into those too")


async def _rows(product):
    """Every value of every row, bytes also unpacked."""
    connection = await asyncpg.connect(product.environ["DATABASE_URL"])
    try:
        for schema, table in await connection.fetch(TABLES):
            for row in await connection.fetch(f'SELECT * FROM "{schema}"."{table}"'):
                for column, value in row.items():
                    yield f"{table}.{column}", _bytes(value)
    finally:
        await connection.close()


def _bytes(value):
    if not isinstance(value, bytes):
        return repr(value).encode()
    try:
        return value + zlib.decompress(value)
    except zlib.error:
        return value
