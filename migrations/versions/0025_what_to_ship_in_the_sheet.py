"""Whether a sheet shows the tab «Пополнение» too.

The column may be null, and a version before neither knows nor needs it.

Revision ID: 0025
"""

from migrations.script import run

revision = "0025"
down_revision = "0023"

SCHEMA = "ALTER TABLE shops ADD COLUMN replenishment_tab boolean"
UNDO = "ALTER TABLE shops DROP COLUMN replenishment_tab"


def upgrade() -> None:
    run(SCHEMA)


def downgrade() -> None:
    run(UNDO)
