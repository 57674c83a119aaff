"""Schedules that promise an hour: what was said, what is planned from it, and what came of it last.

A shop that has cron keeps it. `cron` says the promised hour too, for whoever knows nothing else.

Revision ID: 0010
"""

from migrations.script import run

revision = "0010"
down_revision = "0009"

SCHEMA = """
ALTER TABLE shops
  ADD COLUMN ready_hour time,
  ADD COLUMN weekdays text,
  ADD COLUMN catch_up text,
  ADD COLUMN overlap text;
UPDATE shops SET catch_up = 'once', overlap = 'skip' WHERE cron IS NOT NULL;

-- `slot`: the promised hour, or cron's minute. `next_run_at`: when the run for it begins.
-- `planned`: it has its turn among those with the same hour. `planned_for`: where it was counted.
ALTER TABLE schedules
  ADD COLUMN ready_hour time,
  ADD COLUMN weekdays text,
  ADD COLUMN catch_up text NOT NULL DEFAULT 'once',
  ADD COLUMN overlap text NOT NULL DEFAULT 'skip',
  ADD COLUMN slot timestamptz,
  ADD COLUMN ready_by timestamptz
    GENERATED ALWAYS AS (CASE WHEN ready_hour IS NOT NULL THEN slot END) STORED,
  ADD COLUMN planned boolean NOT NULL DEFAULT true,
  ADD COLUMN planned_for timestamptz,
  ADD COLUMN last_slot timestamptz,
  ADD COLUMN last_outcome text CHECK (last_outcome IN ('asked', 'absorbed', 'skipped'));
UPDATE schedules SET slot = next_run_at;
CREATE INDEX schedules_to_plan ON schedules (next_run_at) WHERE NOT planned;

CREATE TABLE deadlines (
  deadline timestamptz PRIMARY KEY,
  planned int NOT NULL
);
ALTER TABLE deadlines ENABLE ROW LEVEL SECURITY;
"""

UNDO = """
DROP TABLE deadlines;
DROP INDEX schedules_to_plan;
ALTER TABLE schedules DROP COLUMN ready_by;
ALTER TABLE schedules DROP COLUMN ready_hour, DROP COLUMN weekdays, DROP COLUMN catch_up,
  DROP COLUMN overlap, DROP COLUMN slot, DROP COLUMN planned, DROP COLUMN planned_for,
  DROP COLUMN last_slot, DROP COLUMN last_outcome;
ALTER TABLE shops DROP COLUMN ready_hour, DROP COLUMN weekdays, DROP COLUMN catch_up,
  DROP COLUMN overlap;
"""


def upgrade() -> None:
    run(SCHEMA)


def downgrade() -> None:
    run(UNDO)
