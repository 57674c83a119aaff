"""What a shop's token opens, and how much there is to read: of what a sync is planned.

`token_id` is the token that it was seen with; with another one nothing is known. `names` are those
of the seller's own warehouses, by id, as of `listed_at`.

Revision ID: 0027
"""

from alembic import op

from migrations.script import run

revision = "0027"
down_revision = "0023"

SCHEMA = """
CREATE TABLE capabilities (
  tenant_id uuid NOT NULL,
  shop_id uuid NOT NULL,
  reading text NOT NULL,
  token_id uuid NOT NULL,
  standing text NOT NULL,
  evidence text NOT NULL,
  cause text NOT NULL,
  since timestamptz NOT NULL,
  checked_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, shop_id, reading)
);

CREATE TABLE extents (
  tenant_id uuid NOT NULL,
  shop_id uuid NOT NULL,
  cards int NOT NULL,
  sizes int NOT NULL,
  names jsonb,
  listed_at timestamptz,
  PRIMARY KEY (tenant_id, shop_id)
);
"""

READABLE = ("capabilities", "extents")
PARTLY = {
    "bookmarks": "tenant_id, shop_id, source, read_at",
    "run_steps": "tenant_id, run_id, step",
}
"""Columns of tables that nobody read for a caller until now."""
MINE = "tenant_id = nullif(current_setting('app.tenant', true), '')::uuid"


def upgrade() -> None:
    run(SCHEMA)
    for table in READABLE:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    for table in (*READABLE, *PARTLY):
        op.execute(f"CREATE POLICY mine ON {table} FOR SELECT TO {_role()} USING ({MINE})")
    for table in READABLE:
        op.execute(f"GRANT SELECT ON {table} TO {_role()}")
    for table, columns in PARTLY.items():
        op.execute(f"GRANT SELECT ({columns}) ON {table} TO {_role()}")


def downgrade() -> None:
    for table, columns in PARTLY.items():
        op.execute(f"REVOKE SELECT ({columns}) ON {table} FROM {_role()}")  # noqa: S608 - constants
        op.execute(f"DROP POLICY mine ON {table}")
    run("DROP TABLE extents, capabilities")


def _role() -> str:
    database = op.get_bind().exec_driver_sql("SELECT current_database()").scalar_one()
    return f'"app_tenant_{database}"'
