"""Who paused runs: so that a run which waits for it can say by whom.

Revision ID: 0011
"""

from migrations.script import run

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    run("ALTER TABLE holds ADD COLUMN source text, ADD COLUMN actor_id uuid")


def downgrade() -> None:
    run("ALTER TABLE holds DROP COLUMN source, DROP COLUMN actor_id")
