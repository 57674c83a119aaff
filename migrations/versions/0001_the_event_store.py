"""The event store: heads, events, commands; and the key ring that must exist before any secret.

Revision ID: 0001
"""

from migrations.script import run

revision = "0001"
down_revision = None

SCHEMA = """
CREATE SEQUENCE event_position AS bigint CACHE 1;

CREATE TABLE heads (
  tenant_id uuid NOT NULL,
  kind text NOT NULL,
  stream_id uuid NOT NULL,
  version int NOT NULL,
  PRIMARY KEY (tenant_id, kind, stream_id)
) WITH (fillfactor = 80);

CREATE TABLE events (
  tenant_id uuid NOT NULL,
  kind text NOT NULL,
  stream_id uuid NOT NULL,
  version int NOT NULL,
  position bigint NOT NULL,
  event_id uuid NOT NULL,
  name text NOT NULL,
  schema_version smallint NOT NULL,
  at timestamptz NOT NULL,
  source text NOT NULL,
  actor_id uuid,
  correlation_id uuid NOT NULL,
  causation text NOT NULL,
  command_id uuid,
  payload bytea NOT NULL,
  hash bytea NOT NULL,
  PRIMARY KEY (tenant_id, kind, stream_id, version),
  UNIQUE (tenant_id, position),
  UNIQUE (tenant_id, event_id)
);
CREATE INDEX events_feed ON events (position);

CREATE FUNCTION facts_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'events are append-only: % refused', lower(TG_OP);
END $$;
CREATE TRIGGER facts_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON events
  FOR EACH STATEMENT EXECUTE FUNCTION facts_stay();

-- The chain of a stream: a link hashes the one before it, its position and the event's digest.
CREATE FUNCTION chain_link(state bytea, before bytea, link bytea) RETURNS bytea
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN sha256(coalesce(state, before) || link);
CREATE AGGREGATE chain(before bytea, link bytea) (SFUNC = chain_link, STYPE = bytea);

CREATE TABLE commands (
  tenant_id uuid NOT NULL,
  command_id uuid NOT NULL,
  positions bigint[] NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, command_id)
);

CREATE TABLE keyring (
  name text PRIMARY KEY,
  wrapped bytea NOT NULL
);
"""


def upgrade() -> None:
    run(SCHEMA)


def downgrade() -> None:
    run(
        "DROP TABLE keyring, commands, events, heads; DROP AGGREGATE chain(bytea, bytea); "
        "DROP FUNCTION chain_link, facts_stay; DROP SEQUENCE event_position"
    )
