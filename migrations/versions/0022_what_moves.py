"""What moves: supplies under way, what became of orders; and on which days products were on sale.

`stocked`: numbers of the places that were not known to be empty, 0 is all of them; of a day, in any
of its snapshots. Rows of the version before, which does not tell, say it by their stock alone.

Revision ID: 0022
"""

from alembic import op

from migrations.script import run

revision = "0022"
down_revision = "0021"

SCHEMA = """
CREATE TABLE order_states (
  tenant_id uuid NOT NULL,
  shop_id uuid NOT NULL,
  srid text NOT NULL,
  nm_id bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  became text NOT NULL,
  how text,
  district text NOT NULL,
  by_seller boolean NOT NULL,
  PRIMARY KEY (tenant_id, shop_id, srid)
);
CREATE INDEX order_states_of_product
  ON order_states (tenant_id, shop_id, nm_id, created_at) INCLUDE (became, district);
CREATE INDEX order_states_by_day ON order_states (tenant_id, shop_id, created_at);

-- `read_as` is the mark under which its goods were read, `warehouse` where it was brought: null
-- while it was not asked.
CREATE TABLE supplies (
  tenant_id uuid NOT NULL,
  shop_id uuid NOT NULL,
  supply_id bigint NOT NULL,
  stage int NOT NULL,
  made_at timestamptz NOT NULL,
  shipped_at timestamptz,
  changed_at timestamptz,
  counts_until date,
  warehouse text,
  mark text NOT NULL,
  read_as text,
  read_at timestamptz,
  PRIMARY KEY (tenant_id, shop_id, supply_id)
);

CREATE TABLE supply_goods (
  tenant_id uuid NOT NULL,
  shop_id uuid NOT NULL,
  nm_id bigint NOT NULL,
  supply_id bigint NOT NULL,
  coming bigint NOT NULL,
  PRIMARY KEY (tenant_id, shop_id, nm_id, supply_id),
  FOREIGN KEY (tenant_id, shop_id, supply_id) REFERENCES supplies ON DELETE CASCADE
);
CREATE INDEX supply_goods_of_supply ON supply_goods (tenant_id, shop_id, supply_id);

-- How each of these sources stands: known from `since` to `read_at`; `cause`: why it is not read.
CREATE TABLE flows (
  tenant_id uuid NOT NULL,
  shop_id uuid NOT NULL,
  source text NOT NULL,
  since timestamptz,
  read_at timestamptz,
  cause text,
  PRIMARY KEY (tenant_id, shop_id, source)
);

-- Which products are known to be low or out, so that each crossing is told once.
CREATE TABLE stock_levels (
  tenant_id uuid NOT NULL,
  shop_id uuid NOT NULL,
  levels bytea NOT NULL,
  PRIMARY KEY (tenant_id, shop_id)
);

CREATE INDEX orders_of_product
  ON orders (tenant_id, shop_id, nm_id, ordered_at) INCLUDE (cancelled);

ALTER TABLE stock_daily ADD COLUMN stocked int[];
ALTER TABLE stock_current
  ADD COLUMN stocked int[],
  ADD COLUMN stocked_since date,
  ADD COLUMN on_sale int,
  ADD COLUMN last_order date;

UPDATE stock_current c SET stocked_since = s.day
FROM (SELECT tenant_id, shop_id, min(day) AS day FROM snapshots GROUP BY 1, 2) s
WHERE (c.tenant_id, c.shop_id) = (s.tenant_id, s.shop_id) AND c.stock > 0;

UPDATE stock_current c SET last_order = o.day
FROM (
  SELECT tenant_id, shop_id, nm_id, max((ordered_at AT TIME ZONE 'Europe/Moscow')::date) AS day
  FROM orders WHERE NOT cancelled GROUP BY 1, 2, 3
) o
WHERE (c.tenant_id, c.shop_id, c.nm_id) = (o.tenant_id, o.shop_id, o.nm_id);
"""

READABLE = ("order_states", "supplies", "supply_goods", "flows")
SEALED = ("stock_levels",)
MINE = "tenant_id = nullif(current_setting('app.tenant', true), '')::uuid"


def upgrade() -> None:
    run(SCHEMA)
    database = op.get_bind().exec_driver_sql("SELECT current_database()").scalar_one()
    role = f'"app_tenant_{database}"'
    for table in (*READABLE, *SEALED):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    for table in READABLE:
        op.execute(f"CREATE POLICY mine ON {table} FOR SELECT TO {role} USING ({MINE})")
        op.execute(f"GRANT SELECT ON {table} TO {role}")


def downgrade() -> None:
    run(
        "ALTER TABLE stock_current DROP COLUMN last_order, DROP COLUMN on_sale, "
        "DROP COLUMN stocked_since, DROP COLUMN stocked;"
        "ALTER TABLE stock_daily DROP COLUMN stocked;"
        "DROP INDEX orders_of_product;"
        "DROP TABLE stock_levels, flows, supply_goods, supplies, order_states"
    )
