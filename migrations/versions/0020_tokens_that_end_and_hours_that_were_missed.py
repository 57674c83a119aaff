"""Tokens that end and hours that were missed: when to look at a token, and what was told already.

`token_look_at`: the next moment at which there may be something to tell of a token's end.
`token_dead`: true, and the schedule makes no run; null otherwise. `missed`: the hour told last.

Revision ID: 0020
"""

from migrations.script import run

revision = "0020"
down_revision = "0019"

SCHEMA = """
ALTER TABLE shops
  ADD COLUMN token_look_at timestamptz,
  ADD COLUMN token_dead boolean,
  ADD COLUMN missed timestamptz;
-- An id of a token begins with the milliseconds of its time: one that came later is not dead.
UPDATE shops SET token_look_at = token_expires_at - interval '720 hours',
  token_dead = CASE WHEN broken = 'token_dead' AND broken_since > to_timestamp(
    ('x' || left(replace(token_id::text, '-', ''), 12))::bit(48)::bigint / 1000.0) THEN true END;
CREATE INDEX shops_to_look_at ON shops (token_look_at) WHERE token_dead IS NULL;
"""

UNDO = """
DROP INDEX shops_to_look_at;
ALTER TABLE shops DROP COLUMN token_look_at, DROP COLUMN token_dead, DROP COLUMN missed;
"""


def upgrade() -> None:
    run(SCHEMA)


def downgrade() -> None:
    run(UNDO)
