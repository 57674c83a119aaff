"""What Stripe sent, kept as it came, and what of it is still to be looked at.

`stripe_inbox` only grows; a row of `stripe_pending` goes with the facts that come of it. A key of
`stripe_keys` that is null was erased, and is never made again. `stripe_keys.customer`: whose the
subject is, where that was found out later.

Revision ID: 0030
"""

from alembic import op

from migrations.script import run

revision = "0030"
down_revision = "0029"

SCHEMA = """
CREATE TABLE stripe_inbox (
  account text NOT NULL,
  livemode boolean NOT NULL,
  event_id text NOT NULL,
  seq bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  type text NOT NULL,
  thin boolean NOT NULL,
  api_version text NOT NULL,
  created timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  subject text NOT NULL,
  customer text NOT NULL,
  about text NOT NULL,
  tenant_hint uuid,
  standing text NOT NULL,
  sha256 bytea NOT NULL,
  sealed bytea,
  PRIMARY KEY (account, livemode, event_id)
);
-- Sealed bytes do not get smaller when they are packed.
ALTER TABLE stripe_inbox ALTER sealed SET STORAGE EXTERNAL;
CREATE INDEX stripe_inbox_in_order ON stripe_inbox (received_at, seq);
CREATE INDEX stripe_inbox_by_customer ON stripe_inbox (customer, received_at, seq)
  WHERE customer <> '';
CREATE INDEX stripe_inbox_by_type ON stripe_inbox (type, received_at, seq);
CREATE INDEX stripe_inbox_not_worked_on ON stripe_inbox (standing, received_at, seq)
  WHERE standing <> 'pending';

CREATE TRIGGER stripe_inbox_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON stripe_inbox
  FOR EACH STATEMENT EXECUTE FUNCTION facts_stay();
REVOKE UPDATE, DELETE, TRUNCATE ON stripe_inbox FROM PUBLIC, CURRENT_USER;

CREATE TABLE stripe_pending (
  account text NOT NULL,
  livemode boolean NOT NULL,
  event_id text NOT NULL,
  seq bigint NOT NULL,
  about text NOT NULL,
  tenant_id uuid,
  since timestamptz NOT NULL,
  due_at timestamptz,
  tries int NOT NULL,
  cause text NOT NULL,
  why text NOT NULL,
  PRIMARY KEY (account, livemode, event_id)
);
CREATE INDEX stripe_pending_about ON stripe_pending (about, seq);
CREATE INDEX stripe_pending_due ON stripe_pending (due_at) WHERE tenant_id IS NOT NULL;
CREATE INDEX stripe_pending_orphans ON stripe_pending (due_at) WHERE tenant_id IS NULL;
CREATE INDEX stripe_pending_since ON stripe_pending (since) WHERE due_at IS NOT NULL;

CREATE TABLE stripe_keys (
  subject text NOT NULL PRIMARY KEY,
  wrapped bytea,
  customer text,
  made_at timestamptz NOT NULL
);
CREATE INDEX stripe_keys_by_customer ON stripe_keys (customer) WHERE customer IS NOT NULL;

CREATE TABLE billing_customers (
  tenant_id uuid NOT NULL PRIMARY KEY,
  customer text NOT NULL UNIQUE
);
"""

MINE = "tenant_id = nullif(current_setting('app.tenant', true), '')::uuid"


def upgrade() -> None:
    run(SCHEMA)
    database = op.get_bind().exec_driver_sql("SELECT current_database()").scalar_one()
    role = f'"app_tenant_{database}"'
    for table in ("stripe_inbox", "stripe_pending", "stripe_keys", "billing_customers"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY mine ON billing_customers FOR SELECT TO {role} USING ({MINE})")
    op.execute(f"GRANT SELECT ON billing_customers TO {role}")


def downgrade() -> None:
    run("DROP TABLE billing_customers, stripe_keys, stripe_pending, stripe_inbox")
