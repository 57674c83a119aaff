"""A company whose customer was deleted at Stripe becomes another one, and was the former ones.

Of several the newest counts: the one whose fact has the highest version in the company's stream.
The version may be null: a version before writes none, and links a first customer only. Facts of a
company that is a customer say what its rows are, also after this was taken back for a while.

Revision ID: 0033
"""

from migrations.script import run

revision = "0033"
down_revision = "0032"

SCHEMA = """
ALTER TABLE billing_customers
  DROP CONSTRAINT billing_customers_pkey,
  DROP CONSTRAINT billing_customers_customer_key,
  ADD PRIMARY KEY (customer),
  ADD COLUMN version int;
CREATE INDEX billing_customers_of_company ON billing_customers (tenant_id, version);

INSERT INTO billing_customers (tenant_id, customer, version)
SELECT tenant_id, convert_from(payload, 'UTF8')::json ->> 'customer', e.version
FROM billing_customers b JOIN events e USING (tenant_id)
WHERE e.kind = 'subscription' AND e.stream_id = tenant_id
  AND e.name = 'subscription.customer_linked'
ON CONFLICT (customer) DO UPDATE SET version = excluded.version;
"""
UNDO = """
DELETE FROM billing_customers b USING billing_customers n
WHERE n.tenant_id = b.tenant_id AND n.version > coalesce(b.version, 0);
DROP INDEX billing_customers_of_company;
ALTER TABLE billing_customers
  DROP CONSTRAINT billing_customers_pkey,
  DROP COLUMN version,
  ADD PRIMARY KEY (tenant_id),
  ADD UNIQUE (customer);
"""


def upgrade() -> None:
    run(SCHEMA)


def downgrade() -> None:
    run(UNDO)
