"""The table that is built beside another: made like it, and put in its place.

LIKE leaves behind: names of indexes, settings of the table, grants, policies, and the policies of
other tables that look into this one and would go on to look into the old. They are read from the
catalog as statements. What cannot be carried over is refused before anything is begun.
"""

from collections.abc import Sequence
from typing import Any

import asyncpg

from domain.errors import Refused

MAKING = "__new"
OLD = "__old"

_SHAPE = """
SELECT array_agg((attname, atttypid, atttypmod, attnotnull, attcollation)::text ORDER BY attnum)
FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped
"""

_OWNER = """
SELECT pg_get_userbyid(relowner)::text, current_user::text FROM pg_class
WHERE oid = $1::text::regclass
"""

_FIXED = """
SELECT string_agg(what, ', ') FROM (
  SELECT 'the trigger ' || tgname AS what FROM pg_trigger
  WHERE tgrelid = $1::text::regclass AND NOT tgisinternal
  UNION ALL
  SELECT 'the foreign key ' || conname FROM pg_constraint
  WHERE contype = 'f' AND $1::text::regclass IN (conrelid, confrelid)
  UNION ALL
  SELECT 'the view or rule ' || r.ev_class::regclass FROM pg_rewrite r
  JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
  WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = $1::text::regclass
  UNION ALL
  SELECT 'the function ' || objid::regprocedure FROM pg_depend JOIN pg_class t
    ON refobjid = CASE refclassid WHEN 'pg_class'::regclass THEN t.oid ELSE reltype END
  WHERE classid = 'pg_proc'::regclass AND t.oid = $1::text::regclass
    AND refclassid IN ('pg_class'::regclass, 'pg_type'::regclass)
  UNION ALL
  SELECT 'the publication ' || p.pubname FROM pg_publication_rel JOIN pg_publication p
    ON p.oid = prpubid WHERE prrelid = $1::text::regclass
) AS fixed
"""

# Keys, which loading needs; then the table's settings and grants; then its policies.
_LIKE = """
SELECT format('ALTER TABLE %I ADD CONSTRAINT %I %s', $2::text, conname || $3::text,
              pg_get_constraintdef(oid))
FROM pg_constraint WHERE conrelid = $1::text::regclass AND contype IN ('p', 'u', 'x')
UNION ALL
SELECT format('ALTER TABLE %I SET (%s)', $2::text, array_to_string(reloptions, ', '))
FROM pg_class WHERE oid = $1::text::regclass AND reloptions IS NOT NULL
UNION ALL
SELECT format('ALTER TABLE %I ALTER %I SET STATISTICS %s', $2::text, attname, attstattarget)
FROM pg_attribute WHERE attrelid = $1::text::regclass AND attnum > 0 AND attstattarget >= 0
UNION ALL
SELECT format('COMMENT ON TABLE %I IS %L', $2::text, comment)
FROM obj_description($1::text::regclass, 'pg_class') AS comment WHERE comment IS NOT NULL
"""

_INDEXES = """
SELECT format('CREATE %sINDEX IF NOT EXISTS %I ON %I%s',
  CASE WHEN indisunique THEN 'UNIQUE ' ELSE '' END, relname || $3::text, $2::text,
  substr(pg_get_indexdef(indexrelid), strpos(pg_get_indexdef(indexrelid), ' USING ')))
FROM pg_index JOIN pg_class i ON i.oid = indexrelid
WHERE indrelid = $1::text::regclass
  AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND conrelid = indrelid)
"""

# The owner's rights are among the grants, for they may have been taken away.
_GRANTS = """
WITH held AS (
  SELECT oid, '' AS of_column, relacl AS acl, acldefault('r', relowner) AS usual
  FROM pg_class WHERE oid IN ($1::text::regclass, $2::text::regclass)
  UNION ALL
  SELECT attrelid, format(' (%I)', attname), attacl, NULL FROM pg_attribute
  WHERE attrelid IN ($1::text::regclass, $2::text::regclass) AND attacl IS NOT NULL
), rights AS (
  SELECT held.oid, of_column, privilege_type, is_grantable,
         CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE format('%I', pg_get_userbyid(grantee)) END AS who
  FROM held, aclexplode(coalesce(acl, usual))
)
SELECT statement FROM (
  SELECT DISTINCT 1 AS nth, format('REVOKE ALL ON %I FROM %s', $2::text, who) AS statement
  FROM rights WHERE oid = $2::text::regclass
  UNION ALL
  SELECT 2, format('GRANT %s%s ON %I TO %s%s', privilege_type, of_column, $2::text, who,
                   CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
  FROM rights WHERE oid = $1::text::regclass
) AS both_ways
WHERE EXISTS (SELECT FROM held WHERE acl IS NOT NULL)
ORDER BY nth
"""

_POLICIES = """
SELECT format('ALTER TABLE %I %s ROW LEVEL SECURITY', $2::text, word) FROM pg_class,
  LATERAL (VALUES (relrowsecurity, 'ENABLE'), (relforcerowsecurity, 'FORCE')) AS t (on_, word)
WHERE oid = $1::text::regclass AND on_
UNION ALL
SELECT format('CREATE POLICY %I ON %I AS %s FOR %s TO %s%s%s', polname, $2::text,
  CASE WHEN polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
  CASE polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'
    WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
  (SELECT string_agg(CASE WHEN r = 0 THEN 'PUBLIC' ELSE format('%I', pg_get_userbyid(r)) END, ', ')
   FROM unnest(polroles) AS r),
  ' USING (' || pg_get_expr(polqual, polrelid) || ')',
  ' WITH CHECK (' || pg_get_expr(polwithcheck, polrelid) || ')')
FROM pg_policy WHERE polrelid = $1::text::regclass
"""

# Run after the renaming, the same words mean the new table.
_ONLOOKERS = """
SELECT DISTINCT polrelid::regclass::text AS place,
  format('ALTER POLICY %I ON %s%s%s', polname, polrelid::regclass,
    ' USING (' || pg_get_expr(polqual, polrelid) || ')',
    ' WITH CHECK (' || pg_get_expr(polwithcheck, polrelid) || ')') AS statement
FROM pg_policy p JOIN pg_depend d ON d.classid = 'pg_policy'::regclass AND d.objid = p.oid
WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = $1::text::regclass
  AND polrelid <> $1::text::regclass
"""

_NAMES = """
SELECT format('ALTER INDEX %I RENAME TO %I', relname, left(relname, -length($2::text)))
FROM pg_index JOIN pg_class i ON i.oid = indexrelid
WHERE indrelid = $1::text::regclass AND right(relname, length($2::text)) = $2::text
"""


def making(table: str) -> str:
    """What a table is called while it is built."""
    return table + MAKING


async def refuse_fixed(driver: asyncpg.Connection, table: str) -> None:
    """Raise Refused if something hangs on the table that the new one would not have."""
    owner, me = await driver.fetchrow(_OWNER, table)
    if owner != me:  # row-level security does not bind an owner: the product would see nothing
        raise Refused(f"{table} belongs to {owner}, not to {me}. Rebuild it as {owner}.")
    if fixed := await driver.fetchval(_FIXED, table):
        raise Refused(f"{table} cannot be rebuilt: {fixed} would be lost. Drop it first.")


async def alike(driver: asyncpg.Connection, table: str) -> bool:
    """Is there a table begun, with the columns that the old one has now?"""
    begun = await driver.fetchval(_SHAPE, making(table))
    return begun is not None and begun == await driver.fetchval(_SHAPE, table)


async def make(driver: asyncpg.Connection, table: str) -> None:
    """An empty one with the keys, instead of any that was begun."""
    new = making(table)
    await driver.execute(
        f"DROP TABLE IF EXISTS {new};"
        f"CREATE TABLE {new} (LIKE {table} INCLUDING ALL EXCLUDING INDEXES)"
    )
    await _run(driver, await driver.fetch(_LIKE, table, new, MAKING))


async def finish(driver: asyncpg.Connection, table: str) -> None:
    """The other indexes, and what planning and index-only scans need; outside a transaction."""
    for (statement,) in await driver.fetch(_INDEXES, table, making(table), MAKING):
        await driver.execute(statement)
    await driver.execute(f"VACUUM (ANALYZE) {making(table)}")


async def lock(driver: asyncpg.Connection, table: str) -> None:
    """Nobody else reads or writes the table, and the others whose policies look into it.

    All at once and those first, as appends take them: people, then members.
    """
    places = sorted({each["place"] for each in await driver.fetch(_ONLOOKERS, table)})
    await driver.execute(f"LOCK TABLE {', '.join([*places, table])} IN ACCESS EXCLUSIVE MODE")


async def swap(driver: asyncpg.Connection, table: str) -> None:
    """Put the new one in the place of the old. Both are locked, and the transaction is short."""
    new = making(table)
    like = [each for say in (_GRANTS, _POLICIES) for each in await driver.fetch(say, table, new)]
    onlookers = [(each["statement"],) for each in await driver.fetch(_ONLOOKERS, table)]
    await _run(driver, like)
    await driver.execute(
        f"ALTER TABLE {table} RENAME TO {table}{OLD}; ALTER TABLE {new} RENAME TO {table}"
    )
    await _run(driver, onlookers)
    await driver.execute(f"DROP TABLE {table}{OLD}")  # never CASCADE
    await _run(driver, await driver.fetch(_NAMES, table, MAKING))


async def _run(driver: asyncpg.Connection, rows: Sequence[Sequence[Any]]) -> None:
    for (statement,) in rows:
        await driver.execute(statement)
