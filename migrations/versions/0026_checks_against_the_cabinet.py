"""Checks against the cabinet's own report: their counts by day, and what differed in the last one.

`check_tab`: whether the sheet shows it; null is yes, for nobody has said otherwise.

Revision ID: 0026
"""

from alembic import op

from migrations.script import run

revision = "0026"
down_revision = "0023"

SCHEMA = """
CREATE TABLE reconciliations (
  tenant_id uuid NOT NULL,
  shop_id uuid NOT NULL,
  day date NOT NULL,
  check_id uuid NOT NULL,
  at timestamptz NOT NULL,
  taken_at timestamptz NOT NULL,
  products int NOT NULL,
  compared int NOT NULL,
  equal int NOT NULL,
  explained int NOT NULL,
  unexplained int NOT NULL,
  PRIMARY KEY (tenant_id, shop_id, day)
);

-- Of the last one only, in the order that is shown; a null is not known or not defined.
CREATE TABLE discrepancies (
  tenant_id uuid NOT NULL,
  shop_id uuid NOT NULL,
  line int NOT NULL,
  nm_id bigint NOT NULL,
  sku text NOT NULL,
  figure text NOT NULL,
  ours double precision,
  cabinet double precision,
  reasons text[] NOT NULL,
  PRIMARY KEY (tenant_id, shop_id, line)
);
CREATE INDEX discrepancies_of_product ON discrepancies (tenant_id, shop_id, nm_id);

ALTER TABLE shops ADD COLUMN check_tab boolean;
"""

READABLE = ("reconciliations", "discrepancies")
MINE = "tenant_id = nullif(current_setting('app.tenant', true), '')::uuid"


def upgrade() -> None:
    run(SCHEMA)
    database = op.get_bind().exec_driver_sql("SELECT current_database()").scalar_one()
    role = f'"app_tenant_{database}"'
    for table in READABLE:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY mine ON {table} FOR SELECT TO {role} USING ({MINE})")
        op.execute(f"GRANT SELECT ON {table} TO {role}")


def downgrade() -> None:
    run("ALTER TABLE shops DROP COLUMN check_tab;DROP TABLE discrepancies, reconciliations")
