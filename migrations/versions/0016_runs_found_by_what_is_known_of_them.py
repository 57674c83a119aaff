"""Runs found by what is known of them: each filter of the list is one range of one index.

Ids begin with their time, so a page and `since` are a range of whichever index serves the filter.

Revision ID: 0016
"""

from alembic import op

from migrations.script import run

revision = "0016"
down_revision = "0015"

SCHEMA = """
CREATE INDEX job_history_of_kind ON job_history (tenant_id, kind, run_id);
CREATE INDEX job_history_of_state ON job_history (tenant_id, state, run_id);

-- Those over all companies say what is true of all runs: whoever does not say so cannot use them. A
-- company's read would have to wade through the runs of others there.
DROP INDEX job_history_newest, job_history_all_failed;
CREATE INDEX job_history_newest ON job_history (run_id) WHERE attempt >= 0;
CREATE INDEX job_history_all_of_kind ON job_history (kind, run_id) WHERE attempt >= 0;
CREATE INDEX job_history_all_of_state ON job_history (state, run_id) WHERE attempt >= 0;
CREATE INDEX job_history_all_alike ON job_history (fingerprint, run_id)
  WHERE attempt >= 0 AND state = 'failed';

-- Syncs have no arguments and are nearly all there is: they stay out of it.
CREATE INDEX job_history_by_args ON job_history USING gin (args jsonb_path_ops) WHERE args <> '{}';

CREATE INDEX run_failures_by_type ON run_failures (error_type, fingerprint);
CREATE INDEX labels_by_id ON labels (id);
CREATE INDEX labels_by_name ON labels (lower(name) text_pattern_ops);
"""

UNDO = """
DROP INDEX labels_by_name, labels_by_id, run_failures_by_type, job_history_by_args,
  job_history_all_alike, job_history_all_of_state, job_history_all_of_kind, job_history_newest,
  job_history_of_state, job_history_of_kind;
CREATE INDEX job_history_newest ON job_history (run_id);
CREATE INDEX job_history_all_failed ON job_history (run_id) WHERE state = 'failed';
"""

TOLD = "slots, busy, heartbeat_at, draining"
"""What a company may know of the workers, for its runs wait for them."""


def upgrade() -> None:
    run(SCHEMA)
    op.execute(f"GRANT SELECT ({TOLD}) ON workers TO {_role()}")


def downgrade() -> None:
    op.execute(f"REVOKE SELECT ({TOLD}) ON workers FROM {_role()}")  # noqa: S608 - names of ours
    run(UNDO)


def _role() -> str:
    database = op.get_bind().exec_driver_sql("SELECT current_database()").scalar_one()
    return f'"app_tenant_{database}"'
