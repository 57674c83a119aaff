"""The ledger of runs: live ones, their attempts, the finished ones by month, and what is due.

Revision ID: 0003
"""

from migrations.script import run

revision = "0003"
down_revision = "0002"

SCHEMA = """
CREATE TABLE job_runs (
  tenant_id uuid NOT NULL,
  run_id uuid NOT NULL,
  kind text NOT NULL,
  shop_id uuid,
  key text NOT NULL,
  cause_key text NOT NULL,
  source text NOT NULL,
  correlation_id uuid NOT NULL,
  causation text NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running')),
  due_at timestamptz NOT NULL,
  why text NOT NULL,
  again boolean NOT NULL DEFAULT false,
  attempt int NOT NULL DEFAULT 0,
  fence bigint NOT NULL DEFAULT 0,
  handed_at timestamptz,
  worker text,
  started_at timestamptz,
  heartbeat_at timestamptz,
  progress jsonb,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, run_id),
  UNIQUE (tenant_id, key),
  UNIQUE (tenant_id, cause_key)
);
CREATE INDEX job_runs_due ON job_runs (due_at) WHERE state = 'waiting';
CREATE INDEX job_runs_alive ON job_runs (heartbeat_at) WHERE state = 'running';

CREATE TABLE job_attempts (
  tenant_id uuid NOT NULL,
  run_id uuid NOT NULL,
  attempt int NOT NULL,
  worker text NOT NULL,
  started_at timestamptz NOT NULL,
  ended_at timestamptz,
  outcome text,
  error_type text,
  message text,
  traceback text,
  PRIMARY KEY (tenant_id, run_id, attempt)
);

CREATE TABLE job_history (
  tenant_id uuid NOT NULL,
  run_id uuid NOT NULL,
  kind text NOT NULL,
  shop_id uuid,
  source text NOT NULL,
  correlation_id uuid NOT NULL,
  causation text NOT NULL,
  state text NOT NULL CHECK (state IN ('succeeded', 'failed', 'cancelled')),
  why text NOT NULL,
  attempt int NOT NULL,
  progress jsonb,
  result jsonb,
  created_at timestamptz NOT NULL,
  started_at timestamptz,
  finished_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, run_id, finished_at)
) PARTITION BY RANGE (finished_at);
CREATE TABLE job_history_rest PARTITION OF job_history DEFAULT;

CREATE TABLE run_steps (
  tenant_id uuid NOT NULL,
  run_id uuid NOT NULL,
  step text NOT NULL,
  result bytea NOT NULL,
  PRIMARY KEY (tenant_id, run_id, step),
  FOREIGN KEY (tenant_id, run_id) REFERENCES job_runs ON DELETE CASCADE
);

CREATE TABLE schedules (
  tenant_id uuid NOT NULL,
  shop_id uuid NOT NULL,
  cron text NOT NULL,
  zone text NOT NULL,
  next_run_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, shop_id)
);
CREATE INDEX schedules_due ON schedules (next_run_at);
"""


def upgrade() -> None:
    run(SCHEMA)


def downgrade() -> None:
    run("DROP TABLE schedules, run_steps, job_history, job_attempts, job_runs")
