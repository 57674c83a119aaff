"""What else a sheet shows: the tab «Данные», empty places out of sight, columns that come back.

Every column may be null, and a version before neither knows nor needs one: `busy_on` is the last
day on which a place had stock or orders, counted from now on; `gone` names the columns that she
deleted.

Revision ID: 0019
"""

from migrations.script import run

revision = "0019"
down_revision = "0018"

SCHEMA = """
ALTER TABLE shops
  ADD COLUMN data_tab boolean,
  ADD COLUMN hide_empty boolean,
  ADD COLUMN columns_returned_at timestamptz;
ALTER TABLE places ADD COLUMN busy_on date;
ALTER TABLE sheet_tabs ADD COLUMN gone text[];
"""

UNDO = """
ALTER TABLE sheet_tabs DROP COLUMN gone;
ALTER TABLE places DROP COLUMN busy_on;
ALTER TABLE shops
  DROP COLUMN data_tab,
  DROP COLUMN hide_empty,
  DROP COLUMN columns_returned_at;
"""


def upgrade() -> None:
    run(SCHEMA)


def downgrade() -> None:
    run(UNDO)
