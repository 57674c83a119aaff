"""New numbers of a shop that look wrong, and what a marketplace says that nobody has heard before.

`doubt`: how such numbers stand, `doubt_since` when, and what was seen of them at which reading.
`novelties`: a row for each unknown field, value or place, of all tenants.

Revision ID: 0027
"""

from migrations.script import run

revision = "0027"
down_revision = "0026"

SCHEMA = """
ALTER TABLE shops
  ADD COLUMN doubt text,
  ADD COLUMN doubt_since timestamptz,
  ADD COLUMN doubt_at timestamptz,
  ADD COLUMN doubt_was bigint,
  ADD COLUMN doubt_now bigint,
  ADD COLUMN doubt_lost bigint;

CREATE TABLE novelties (
  endpoint text NOT NULL,
  path text NOT NULL,
  kind text NOT NULL,
  thing text NOT NULL,
  example text NOT NULL,
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  PRIMARY KEY (endpoint, path, kind, thing)
);
"""

UNDO = """
DROP TABLE novelties;
ALTER TABLE shops
  DROP COLUMN doubt, DROP COLUMN doubt_since, DROP COLUMN doubt_at,
  DROP COLUMN doubt_was, DROP COLUMN doubt_now, DROP COLUMN doubt_lost;
"""


def upgrade() -> None:
    run(SCHEMA)


def downgrade() -> None:
    run(UNDO)
