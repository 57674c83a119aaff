"""The read tables: projected from events, disposable, rebuilt by replay.

Revision ID: 0005
"""

from migrations.script import run

revision = "0005"
down_revision = "0004"

SCHEMA = """
CREATE TABLE tenants (
  tenant_id uuid NOT NULL PRIMARY KEY,
  registered_at timestamptz NOT NULL
);

CREATE TABLE members (
  tenant_id uuid NOT NULL,
  user_id uuid NOT NULL,
  role text NOT NULL,
  joined_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, user_id)
);
CREATE INDEX members_by_person ON members (user_id);

CREATE TABLE shops (
  tenant_id uuid NOT NULL,
  shop_id uuid NOT NULL,
  marketplace text NOT NULL,
  seller_id text NOT NULL,
  token_id uuid NOT NULL,
  token_kind text NOT NULL,
  token_expires_at timestamptz,
  spreadsheet_id text,
  cron text,
  zone text,
  broken text,
  broken_since timestamptz,
  connected_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, shop_id)
);

CREATE TABLE subscriptions (
  tenant_id uuid NOT NULL PRIMARY KEY,
  plan text NOT NULL,
  since timestamptz NOT NULL
);
"""


def upgrade() -> None:
    run(SCHEMA)


def downgrade() -> None:
    run("DROP TABLE subscriptions, shops, members, tenants")
