"""Until when each plan is paid by subscriptions beside the one that counts.

Revision ID: 0034
"""

from migrations.script import run

revision = "0034"
down_revision = "0033"

PLANS = ("starter", "pro", "enterprise")
ADDED = ", ".join(f"ADD COLUMN {plan}_until timestamptz" for plan in PLANS)
DROPPED = ", ".join(f"DROP COLUMN {plan}_until" for plan in PLANS)


def upgrade() -> None:
    run(f"ALTER TABLE subscriptions {ADDED}")


def downgrade() -> None:
    run(f"ALTER TABLE subscriptions {DROPPED}")
