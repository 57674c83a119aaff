"""Runs in turn: a lane per tenant, what is held, who works, and figures kept as runs end.

Revision ID: 0008
"""

from alembic import op

from migrations.script import run

revision = "0008"
down_revision = "0007"

SCHEMA = """
ALTER TABLE job_runs
  ADD COLUMN priority smallint NOT NULL DEFAULT 5,
  ADD COLUMN args jsonb NOT NULL DEFAULT '{}',
  ADD COLUMN waited_ms int,
  ADD COLUMN cancelling text;
ALTER TABLE job_attempts ADD COLUMN log text;
ALTER TABLE job_history
  ADD COLUMN key text NOT NULL DEFAULT '',
  ADD COLUMN args jsonb NOT NULL DEFAULT '{}',
  ADD COLUMN priority smallint NOT NULL DEFAULT 5,
  ADD COLUMN waited_ms int,
  ADD COLUMN fingerprint text;

CREATE INDEX job_runs_in_turn ON job_runs (tenant_id, priority, due_at, run_id)
  WHERE state = 'waiting' AND handed_at IS NULL;
CREATE INDEX job_runs_due_of_tenant ON job_runs (tenant_id, due_at)
  WHERE state = 'waiting' AND handed_at IS NULL;
CREATE INDEX job_runs_in_hand ON job_runs (tenant_id) WHERE handed_at IS NOT NULL;
CREATE INDEX job_runs_handed ON job_runs (handed_at)
  WHERE state = 'waiting' AND handed_at IS NOT NULL;
CREATE INDEX job_runs_cancelling ON job_runs (worker) WHERE cancelling IS NOT NULL;
CREATE INDEX job_runs_newest ON job_runs (run_id);

CREATE INDEX job_history_newest ON job_history (run_id);
CREATE INDEX job_history_of_shop ON job_history (tenant_id, shop_id, run_id);
CREATE INDEX job_history_failed ON job_history (tenant_id, fingerprint, run_id)
  WHERE state = 'failed';
CREATE INDEX job_history_all_failed ON job_history (run_id) WHERE state = 'failed';

CREATE TABLE lanes (
  tenant_id uuid PRIMARY KEY,
  weight int NOT NULL DEFAULT 1 CHECK (weight > 0),
  cap int NOT NULL DEFAULT 10 CHECK (cap > 0),
  vtime bigint NOT NULL DEFAULT 0,
  ready boolean NOT NULL DEFAULT false,
  wake_at timestamptz
);
CREATE INDEX lanes_in_turn ON lanes (vtime) WHERE ready;
CREATE INDEX lanes_to_wake ON lanes (wake_at) WHERE NOT ready;
-- The virtual time of the lane that was served last. A sequence, for nobody waits for one.
CREATE SEQUENCE lane_clock MINVALUE 0 START 0;
INSERT INTO lanes (tenant_id, ready) SELECT DISTINCT tenant_id, true FROM job_runs;

CREATE TABLE holds (
  tenant_id uuid NOT NULL,
  scope text NOT NULL,
  fleet boolean NOT NULL,
  kind text,
  shop_id uuid,
  since timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, scope)
);

CREATE TABLE workers (
  worker text PRIMARY KEY,
  version text NOT NULL,
  slots int NOT NULL,
  busy int NOT NULL,
  started_at timestamptz NOT NULL,
  heartbeat_at timestamptz NOT NULL,
  draining boolean NOT NULL DEFAULT false
);

CREATE TABLE queue_epoch (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  epoch uuid NOT NULL
);

CREATE TABLE run_minutes (
  tenant_id uuid NOT NULL,
  minute timestamptz NOT NULL,
  kind text NOT NULL,
  succeeded int NOT NULL,
  failed int NOT NULL,
  cancelled int NOT NULL,
  waited int[] NOT NULL,
  ran int[] NOT NULL,
  PRIMARY KEY (tenant_id, minute, kind)
);
CREATE INDEX run_minutes_by_minute ON run_minutes (minute);
CREATE TABLE fleet_minutes (
  minute timestamptz NOT NULL,
  kind text NOT NULL,
  succeeded int NOT NULL,
  failed int NOT NULL,
  cancelled int NOT NULL,
  waited int[] NOT NULL,
  ran int[] NOT NULL,
  PRIMARY KEY (minute, kind)
);

CREATE TABLE run_failures (
  tenant_id uuid NOT NULL,
  fingerprint text NOT NULL,
  kind text NOT NULL,
  error_type text NOT NULL,
  why text NOT NULL,
  count int NOT NULL,
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  last_run uuid NOT NULL,
  PRIMARY KEY (tenant_id, fingerprint)
);
CREATE INDEX run_failures_by_age ON run_failures (last_at);
"""

UNDO = """
DROP TABLE run_failures, fleet_minutes, run_minutes, queue_epoch, workers, holds, lanes;
DROP SEQUENCE lane_clock;
DROP INDEX job_history_all_failed, job_history_failed, job_history_of_shop, job_history_newest,
  job_runs_newest, job_runs_cancelling, job_runs_handed, job_runs_in_hand, job_runs_due_of_tenant,
  job_runs_in_turn;
ALTER TABLE job_history DROP COLUMN key, DROP COLUMN args, DROP COLUMN priority,
  DROP COLUMN waited_ms, DROP COLUMN fingerprint;
ALTER TABLE job_attempts DROP COLUMN log;
ALTER TABLE job_runs DROP COLUMN priority, DROP COLUMN args, DROP COLUMN waited_ms,
  DROP COLUMN cancelling;
"""


READABLE = ("lanes", "run_minutes", "run_failures")
MINE = "tenant_id = nullif(current_setting('app.tenant', true), '')::uuid"


def upgrade() -> None:
    run(SCHEMA)
    database = op.get_bind().exec_driver_sql("SELECT current_database()").scalar_one()
    role = f'"app_tenant_{database}"'
    for table, seen in (*dict.fromkeys(READABLE, MINE).items(), ("holds", f"fleet OR {MINE}")):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY mine ON {table} FOR SELECT TO {role} USING ({seen})")
        op.execute(f"GRANT SELECT ON {table} TO {role}")


def downgrade() -> None:
    run(UNDO)
