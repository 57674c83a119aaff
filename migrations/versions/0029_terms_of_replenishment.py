"""By which terms a shop restocks.

The columns may be null, and a version before neither knows nor needs them: null is what is usual.

Revision ID: 0029
"""

from migrations.script import run

revision = "0029"
down_revision = "0028"

SCHEMA = """
ALTER TABLE shops
  ADD COLUMN lead_days integer,
  ADD COLUMN cover_days integer,
  ADD COLUMN pack integer,
  ADD COLUMN safety_days integer
"""
UNDO = """
ALTER TABLE shops
  DROP COLUMN lead_days,
  DROP COLUMN cover_days,
  DROP COLUMN pack,
  DROP COLUMN safety_days
"""


def upgrade() -> None:
    run(SCHEMA)


def downgrade() -> None:
    run(UNDO)
