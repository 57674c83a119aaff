"""Until when a plan is had that was paid for and is followed by another subscription.

Revision ID: 0034
"""

from migrations.script import run

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    run("ALTER TABLE subscriptions ADD COLUMN rest_plan text, ADD COLUMN rest_until timestamptz")


def downgrade() -> None:
    run("ALTER TABLE subscriptions DROP COLUMN rest_plan, DROP COLUMN rest_until")
