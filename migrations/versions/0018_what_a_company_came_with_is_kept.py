"""What a company had before it came to us: its plan allows no less.

Both columns are null for who came with nothing. A version before reads and writes on without them.

Revision ID: 0018
"""

from migrations.script import run

revision = "0018"
down_revision = "0017"

SCHEMA = """
ALTER TABLE subscriptions ADD COLUMN kept_products int, ADD COLUMN kept_interval int;
"""

UNDO = """
ALTER TABLE subscriptions DROP COLUMN kept_products, DROP COLUMN kept_interval;
"""


def upgrade() -> None:
    run(SCHEMA)


def downgrade() -> None:
    run(UNDO)
