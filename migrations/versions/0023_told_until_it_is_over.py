"""A trouble that is over is told anew when it comes again, whether or not that was told.

Revision ID: 0023
"""

from migrations.script import run

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    run("ALTER TABLE notices_told ADD COLUMN over_at timestamptz")


def downgrade() -> None:
    run("ALTER TABLE notices_told DROP COLUMN over_at")
