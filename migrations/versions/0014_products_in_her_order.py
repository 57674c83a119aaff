"""Products in the order she asks for: each sorted page is a range of one index.

The keys are those of `app.stock.products`: what is not known counts as less than zero.

Revision ID: 0014
"""

from migrations.script import run

revision = "0014"
down_revision = "0013"

SCHEMA = """
CREATE INDEX stock_current_by_orders
  ON stock_current (tenant_id, coalesce(orders, -1), shop_id, nm_id);
CREATE INDEX stock_current_by_stock
  ON stock_current (tenant_id, coalesce(stock, -1), shop_id, nm_id);
CREATE INDEX stock_current_by_turnover
  ON stock_current (tenant_id, coalesce(turnover_tenths, -1), shop_id, nm_id);
CREATE INDEX stock_current_by_sku ON stock_current (tenant_id, sku, shop_id, nm_id);
"""


def upgrade() -> None:
    run(SCHEMA)


def downgrade() -> None:
    run(
        "DROP INDEX stock_current_by_orders, stock_current_by_stock, stock_current_by_turnover, "
        "stock_current_by_sku"
    )
