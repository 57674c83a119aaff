"""What an append hands over: a row for each fact, which costs the driver a third of arrays.

Revision ID: 0015
"""

from migrations.script import run

revision = "0015"
down_revision = "0014"

SCHEMA = """
-- A version without this may be at work beside one with it: so never change it, make another one.
CREATE TYPE fact_to_append AS (
  tenant_id uuid,
  kind text,
  stream_id uuid,
  version int,
  event_id uuid,
  name text,
  schema_version smallint,
  at timestamptz,
  source text,
  actor_id uuid,
  correlation_id uuid,
  causation text,
  command_id uuid,
  asking uuid,
  payload bytea,
  digest bytea,
  before bytea
);
"""


def upgrade() -> None:
    run(SCHEMA)


def downgrade() -> None:
    run("DROP TYPE fact_to_append")
