"""What speaks for a company's plan, a trial, a grant, a subscription, and what it paid.

The columns may be null: a version before knows the free plan alone.

Revision ID: 0031
"""

from alembic import op

from migrations.script import run

revision = "0031"
down_revision = "0030"

COLUMNS = {
    "trial_plan": "text",
    "trial_until": "timestamptz",
    "grant_plan": "text",
    "grant_until": "timestamptz",
    "grant_reason": "text",
    "force_plan": "text",
    "force_because": "text",
    "force_until": "timestamptz",
    "force_since": "timestamptz",
    "subscription": "text",
    "status": "text",
    "reason": "text",
    "paid_plan": "text",
    "subscribed_at": "timestamptz",
    "paid_until": "timestamptz",
    "paid_trial_until": "timestamptz",
    "cancel_at": "timestamptz",
    "collecting": "boolean",
    "next_plan": "text",
    "next_at": "timestamptz",
    "payment_method": "text",
    "grace_until": "timestamptz",
}
ADDED = ", ".join(f"ADD COLUMN {name} {kind}" for name, kind in COLUMNS.items())
DROPPED = ", ".join(f"DROP COLUMN {name}" for name in COLUMNS)
SCHEMA = f"""
ALTER TABLE subscriptions {ADDED};
CREATE INDEX subscriptions_by_end ON subscriptions (force_until) WHERE force_until IS NOT NULL;

CREATE TABLE paid_invoices (
  tenant_id uuid NOT NULL,
  invoice text NOT NULL,
  paid_at timestamptz NOT NULL,
  amount bigint NOT NULL,
  currency text NOT NULL,
  tax bigint NOT NULL,
  PRIMARY KEY (tenant_id, invoice)
);
"""
UNDO = f"""
DROP TABLE paid_invoices;
DROP INDEX subscriptions_by_end;
ALTER TABLE subscriptions {DROPPED};
"""
MINE = "tenant_id = nullif(current_setting('app.tenant', true), '')::uuid"


def upgrade() -> None:
    run(SCHEMA)
    database = op.get_bind().exec_driver_sql("SELECT current_database()").scalar_one()
    role = f'"app_tenant_{database}"'
    op.execute("ALTER TABLE paid_invoices ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY mine ON paid_invoices FOR SELECT TO {role} USING ({MINE})")
    op.execute(f"GRANT SELECT ON paid_invoices TO {role}")


def downgrade() -> None:
    run(UNDO)
