"""The store for years: kept states, consumers of the feed, seals, and the index of the audit log.

Facts and seals cannot be changed by the role that writes them; a superuser meets the trigger.

Revision ID: 0007
"""

from alembic import op

from domain.errors import Refused
from migrations.script import run

revision = "0007"
down_revision = "0006"

SCHEMA = """
-- What a long stream had come to, so that nobody folds it from the start; any row may be deleted.
CREATE TABLE states (
  tenant_id uuid NOT NULL,
  kind text NOT NULL,
  stream_id uuid NOT NULL,
  version int NOT NULL,
  shape bytea NOT NULL,
  hash bytea NOT NULL,
  position bigint NOT NULL,
  latest timestamptz NOT NULL,
  state bytea NOT NULL,
  PRIMARY KEY (tenant_id, kind, stream_id, shape, version)
);

-- How far each reader of the feed has come: global, as positions are. `code`: what a rebuild was
-- begun with.
CREATE TABLE consumers (
  name text PRIMARY KEY,
  position bigint NOT NULL,
  moved_at timestamptz NOT NULL,
  code text
);

CREATE TABLE seals (
  tenant_id uuid NOT NULL,
  number int NOT NULL,
  at timestamptz NOT NULL,
  body bytea NOT NULL,
  signature bytea NOT NULL,
  PRIMARY KEY (tenant_id, number)
);
CREATE TRIGGER seals_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON seals
  FOR EACH STATEMENT EXECUTE FUNCTION facts_stay();
CREATE OR REPLACE FUNCTION facts_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, lower(TG_OP);
END $$;
REVOKE UPDATE, DELETE, TRUNCATE ON events, seals FROM PUBLIC, CURRENT_USER;

-- One row per fact, projected: each filter of the audit log is one range of one index.
CREATE TABLE audit_entries (
  tenant_id uuid NOT NULL,
  position bigint NOT NULL,
  at timestamptz NOT NULL,
  name text NOT NULL,
  actor_id uuid,
  source text NOT NULL,
  correlation_id uuid NOT NULL,
  target_id uuid NOT NULL,
  PRIMARY KEY (tenant_id, position)
);
INSERT INTO audit_entries
SELECT tenant_id, position, at, name, actor_id, source, correlation_id,
       coalesce(told ->> 'shop_id', told ->> 'user_id', stream_id::text)::uuid
FROM events, LATERAL (SELECT convert_from(payload, 'UTF8')::jsonb AS told) AS read;
CREATE INDEX audit_by_time ON audit_entries (tenant_id, at, position);
CREATE INDEX audit_by_name ON audit_entries (tenant_id, name, at, position);
CREATE INDEX audit_by_actor ON audit_entries (tenant_id, actor_id, at, position);
CREATE INDEX audit_by_source ON audit_entries (tenant_id, source, at, position);
CREATE INDEX audit_by_correlation ON audit_entries (tenant_id, correlation_id, at, position);
CREATE INDEX audit_by_target ON audit_entries (tenant_id, target_id, at, position);

-- A writer that hangs half way would hold up whoever reads the feed behind its position.
DO $$ BEGIN
  EXECUTE format('ALTER DATABASE %I SET idle_in_transaction_session_timeout = %L',
                 current_database(), '60s');
EXCEPTION WHEN insufficient_privilege THEN
  RAISE NOTICE 'not our database: set idle_in_transaction_session_timeout = 60s for it yourself';
END $$;
"""
READABLE = ("seals", "audit_entries")
SEALED = ("states", "consumers")

MINE = "tenant_id = nullif(current_setting('app.tenant', true), '')::uuid"


def upgrade() -> None:
    run(SCHEMA)
    database = op.get_bind().exec_driver_sql("SELECT current_database()").scalar_one()
    role = f'"app_tenant_{database}"'
    for table in SEALED:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    for table in READABLE:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY mine ON {table} FOR SELECT TO {role} USING ({MINE})")
        op.execute(f"GRANT SELECT ON {table} TO {role}")


def downgrade() -> None:
    """Refused once there are seals: new ones would begin at 1 and contradict those given out."""
    if op.get_bind().exec_driver_sql("SELECT count(*) FROM seals").scalar_one():
        message = "Companies have been given seals. Restore a backup instead of going back."
        raise Refused(message)
    run(
        "DROP TABLE audit_entries, seals, consumers, states; "
        "GRANT UPDATE, DELETE, TRUNCATE ON events TO CURRENT_USER"
    )
