"""How many days the stock lasts at the pace of the period: the cabinet's turnover of stock.

Stock times days, divided by orders. The cabinet shows the same figure as `saleRate` (days and
hours) in its stock report, /api/v2/stocks-report/products/products of 11-analytics.yaml.
"""


def tenths(stock: int | None, days: int, orders: int | None) -> int | None:
    """Tenths of a day, rounded half up: 89 pieces, 7 days, 140 orders are 4.45, hence 45.

    None where it is not defined: nothing was ordered, also at zero stock; or where stock or
    orders are not known. Integers only: a binary float would put 4.45 below the half.
    """
    if stock is None or not orders:
        return None
    return (20 * stock * days + orders) // (2 * orders)
