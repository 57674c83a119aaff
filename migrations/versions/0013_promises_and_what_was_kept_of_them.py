"""What shops are promised, and what was kept of it; the fleet in quarters of an hour.

Whose last run failed is owed its last slot, so nobody who is late now is forgotten.

Revision ID: 0013
"""

from alembic import op

from migrations.script import run

revision = "0013"
down_revision = "0012"

SCHEMA = """
CREATE TABLE promises (
  tenant_id uuid NOT NULL,
  shop_id uuid NOT NULL,
  owed timestamptz,
  kept_for timestamptz,
  kept_at timestamptz,
  fresh_at timestamptz,
  PRIMARY KEY (tenant_id, shop_id)
);
CREATE INDEX promises_owed ON promises (owed) WHERE owed IS NOT NULL;
CREATE INDEX promises_kept_late ON promises (kept_at) WHERE kept_at > kept_for;

INSERT INTO promises (tenant_id, shop_id, owed, kept_for, kept_at, fresh_at)
SELECT s.tenant_id, s.shop_id,
  CASE WHEN newest.state = 'failed' THEN asked.hour END,
  CASE WHEN newest.state = 'succeeded' THEN asked.hour END,
  CASE WHEN newest.state = 'succeeded' AND asked.hour IS NOT NULL THEN newest.finished_at END,
  CASE WHEN newest.state = 'succeeded' THEN newest.finished_at END
FROM schedules s
CROSS JOIN LATERAL (
  SELECT CASE WHEN s.ready_hour IS NULL THEN s.last_slot + interval '15 minutes'
    ELSE s.last_slot END AS hour
) asked
LEFT JOIN LATERAL (
  SELECT h.state, h.finished_at FROM job_history h
  WHERE (h.tenant_id, h.shop_id) = (s.tenant_id, s.shop_id) AND h.kind = 'sync'
  ORDER BY h.run_id DESC LIMIT 1
) newest ON true;

CREATE TABLE fleet_quarters (
  quarter timestamptz NOT NULL,
  kind text NOT NULL,
  succeeded int NOT NULL,
  failed int NOT NULL,
  cancelled int NOT NULL,
  waited int[] NOT NULL,
  ran int[] NOT NULL,
  PRIMARY KEY (quarter, kind)
);
"""

MINE = "tenant_id = nullif(current_setting('app.tenant', true), '')::uuid"


def upgrade() -> None:
    run(SCHEMA)
    database = op.get_bind().exec_driver_sql("SELECT current_database()").scalar_one()
    role = f'"app_tenant_{database}"'
    op.execute("ALTER TABLE promises ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY mine ON promises FOR SELECT TO {role} USING ({MINE})")
    op.execute(f"GRANT SELECT ON promises TO {role}")


def downgrade() -> None:
    run("DROP TABLE fleet_quarters, promises")
