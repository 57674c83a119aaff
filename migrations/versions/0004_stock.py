"""Stock: what the marketplace said, what it means today, and where it was written.

Revision ID: 0004
"""

from migrations.script import run

revision = "0004"
down_revision = "0003"

SCHEMA = """
CREATE TABLE cards (
  tenant_id uuid NOT NULL,
  shop_id uuid NOT NULL,
  nm_id bigint NOT NULL,
  brand text NOT NULL,
  subject text NOT NULL,
  sku text NOT NULL,
  sizes jsonb NOT NULL,
  seen_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, shop_id, nm_id)
);

CREATE TABLE orders (
  tenant_id uuid NOT NULL,
  shop_id uuid NOT NULL,
  srid text NOT NULL,
  nm_id bigint NOT NULL,
  ordered_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  cancelled boolean NOT NULL,
  by_seller boolean NOT NULL,
  warehouse text NOT NULL,
  PRIMARY KEY (tenant_id, shop_id, srid)
);
CREATE INDEX orders_by_day ON orders (tenant_id, shop_id, ordered_at);

-- How far each delta was read; `cursor` is the marketplace's own.
CREATE TABLE bookmarks (
  tenant_id uuid NOT NULL,
  shop_id uuid NOT NULL,
  source text NOT NULL,
  cursor text NOT NULL,
  read_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, shop_id, source)
);

CREATE TABLE places (
  tenant_id uuid NOT NULL,
  shop_id uuid NOT NULL,
  number int NOT NULL,
  key text NOT NULL,
  kind text NOT NULL,
  name text NOT NULL,
  PRIMARY KEY (tenant_id, shop_id, number),
  UNIQUE (tenant_id, shop_id, key)
);

CREATE TABLE snapshots (
  tenant_id uuid NOT NULL,
  shop_id uuid NOT NULL,
  snapshot_id uuid NOT NULL,
  taken_at timestamptz NOT NULL,
  day date NOT NULL,
  products int NOT NULL,
  body bytea NOT NULL,
  PRIMARY KEY (tenant_id, shop_id, snapshot_id)
);
ALTER TABLE snapshots ALTER body SET STORAGE EXTERNAL;

CREATE TABLE sheet_tabs (
  tenant_id uuid NOT NULL,
  shop_id uuid NOT NULL,
  spreadsheet_id text NOT NULL,
  snapshot_id uuid NOT NULL,
  state bytea NOT NULL,
  written_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, shop_id)
);

CREATE TABLE stock_current (
  tenant_id uuid NOT NULL,
  shop_id uuid NOT NULL,
  nm_id bigint NOT NULL,
  brand text NOT NULL,
  subject text NOT NULL,
  sku text NOT NULL,
  to_client int,
  returns int,
  orders int,
  stock int,
  turnover_tenths int,
  places jsonb NOT NULL,
  PRIMARY KEY (tenant_id, shop_id, nm_id)
);

CREATE TABLE stock_daily (
  tenant_id uuid NOT NULL,
  shop_id uuid NOT NULL,
  day date NOT NULL,
  nm_id bigint NOT NULL,
  orders int,
  stock int,
  places jsonb NOT NULL,
  PRIMARY KEY (tenant_id, shop_id, day, nm_id)
);
"""


def upgrade() -> None:
    run(SCHEMA)


def downgrade() -> None:
    run(
        "DROP TABLE stock_daily, stock_current, sheet_tabs, snapshots, places, "
        "bookmarks, orders, cards"
    )
