"""New numbers of a shop that look wrong: how they stand, since when, and what was seen of them.

`doubt_at`: the moment of the reading that they are of.

Revision ID: 0024
"""

from migrations.script import run

revision = "0024"
down_revision = "0021"

SCHEMA = """
ALTER TABLE shops
  ADD COLUMN doubt text,
  ADD COLUMN doubt_since timestamptz,
  ADD COLUMN doubt_at timestamptz,
  ADD COLUMN doubt_was bigint,
  ADD COLUMN doubt_now bigint,
  ADD COLUMN doubt_lost bigint;
"""

UNDO = """
ALTER TABLE shops
  DROP COLUMN doubt, DROP COLUMN doubt_since, DROP COLUMN doubt_at,
  DROP COLUMN doubt_was, DROP COLUMN doubt_now, DROP COLUMN doubt_lost;
"""


def upgrade() -> None:
    run(SCHEMA)


def downgrade() -> None:
    run(UNDO)
