"""What the operator looks at: lanes, failures and schedules by page, and a worker that is to drain.

Revision ID: 0012
"""

from migrations.script import run

revision = "0012"
down_revision = "0011"

SCHEMA = """
ALTER TABLE workers ADD COLUMN drain_asked boolean NOT NULL DEFAULT false;

-- A company has at most some twenty shops, so all that a cause has touched may stand in its row.
ALTER TABLE run_failures ADD COLUMN shops uuid[] NOT NULL DEFAULT '{}';
CREATE INDEX run_failures_by_cause ON run_failures (fingerprint, last_at DESC);

-- As they were, with what tells apart those that stand at one place: a page begins after it.
DROP INDEX lanes_in_turn, lanes_to_wake;
CREATE INDEX lanes_in_turn ON lanes (vtime, tenant_id) WHERE ready;
CREATE INDEX lanes_to_wake ON lanes (wake_at, tenant_id) WHERE NOT ready;
CREATE INDEX holds_newest ON holds (fleet, since);

DROP INDEX schedules_due;
CREATE INDEX schedules_due ON schedules (next_run_at, shop_id);
CREATE INDEX shops_broken ON shops (broken_since) WHERE broken IS NOT NULL;
"""

UNDO = """
DROP INDEX shops_broken, schedules_due, holds_newest, lanes_to_wake, lanes_in_turn,
  run_failures_by_cause;
CREATE INDEX schedules_due ON schedules (next_run_at);
CREATE INDEX lanes_in_turn ON lanes (vtime) WHERE ready;
CREATE INDEX lanes_to_wake ON lanes (wake_at) WHERE NOT ready;
ALTER TABLE run_failures DROP COLUMN shops;
ALTER TABLE workers DROP COLUMN drain_asked;
"""


def upgrade() -> None:
    run(SCHEMA)


def downgrade() -> None:
    run(UNDO)
