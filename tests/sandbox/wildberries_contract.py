"""What Wildberries promises, reduced to small tables: fields, types, required ones, limits.

Sources: the seller API's OpenAPI of 2026-08-18 (01-general, 02-items, 07-orders-fbw, 11-analytics,
12-reports) and its limits of 2026-10-24 (wildberries-sdk 0.1.177). A field maps to its type, or to
a tuple of the values or types it may take; a list holds the shape of its items; a leading ``!`` means required.
"""

from typing import Any

PROBLEM = {
    "title": str,
    "detail": str,
    "code": str,
    "requestId": str,
    "origin": str,
    "status": int,
    "statusText": str,
    "timestamp": str,
}
ERROR_OBJECT = {"!title": str, "!detail": str, "!requestId": str, "!origin": str}
PING = {"TS": str, "Status": ("OK",)}
SELLER_INFO = {"name": str, "sid": str, "tin": str, "tradeMark": str}
SELLER_STOCK_ROW = {
    "!nmId": int,
    "!chrtId": int,
    "!warehouseId": int,
    "!warehouseName": str,
    "!regionName": str,
    "!quantity": int,
}
WB_STOCK_ROW = SELLER_STOCK_ROW | {"!inWayToClient": int, "!inWayFromClient": int}
WB_STOCK = {"!data": {"!items": [WB_STOCK_ROW]}}
SELLER_STOCK = {"!data": {"!items": [SELLER_STOCK_ROW]}}
TASK_CREATED = {"data": {"taskId": str}}
TASK = {"data": {"id": str, "status": ("new", "processing", "done", "purged", "canceled")}}
REMAINS = [
    {
        "brand": str,
        "subjectName": str,
        "vendorCode": str,
        "nmId": int,
        "barcode": str,
        "techSize": str,
        "volume": float,
        "warehouses": [{"warehouseName": str, "quantity": int}],
    }
]
CARDS = {
    "cards": [
        {
            "nmID": int,
            "imtID": int,
            "nmUUID": str,
            "subjectID": int,
            "subjectName": str,
            "vendorCode": str,
            "brand": str,
            "title": str,
            "description": str,
            "needKiz": bool,
            "kizMarked": bool,
            "photos": [{"big": str, "c246x328": str, "c516x688": str, "square": str, "tm": str}],
            "dimensions": {
                "length": int,
                "width": int,
                "height": int,
                "weightBrutto": float,
                "isValid": bool,
            },
            "characteristics": [{"id": int, "name": str}],
            "sizes": [{"chrtID": int, "techSize": str, "wbSize": str, "skus": [str]}],
            "tags": [{"id": int, "name": str, "color": str}],
            "createdAt": str,
            "updatedAt": str,
        }
    ],
    "cursor": {"updatedAt": str, "nmID": int, "total": int},
}
ORDERS = [
    {
        "date": str,
        "lastChangeDate": str,
        "warehouseName": str,
        "warehouseType": ("Склад WB", "Склад продавца"),
        "countryName": str,
        "oblastOkrugName": str,
        "regionName": str,
        "supplierArticle": str,
        "nmId": int,
        "barcode": str,
        "category": str,
        "subject": str,
        "brand": str,
        "techSize": str,
        "incomeID": int,
        "isSupply": bool,
        "isRealization": bool,
        "totalPrice": float,
        "discountPercent": int,
        "spp": float,
        "finishedPrice": float,
        "priceWithDisc": float,
        "isCancel": bool,
        "cancelDate": str,
        "sticker": str,
        "gNumber": str,
        "srid": str,
    }
]
WAREHOUSES = [
    {
        "id": int,
        "name": str,
        "officeId": int,
        "cargoType": (1, 2, 3),
        "deliveryType": (1, 2, 3, 5, 6),
        "isDeleting": bool,
        "isProcessing": bool,
    }
]
STOCKS = {"stocks": [{"chrtId": int, "amount": int}]}
ORDER_FEED = {
    "!data": {
        "!snapshotTime": str,
        "!currency": str,
        "!orders": [
            {
                "!nmId": int,
                "!chrtId": int,
                "!srid": str,
                "!createdAt": str,
                "!updatedAt": str,
                "!status": ("created", "buyout", "cancel", "return", "returnDefective"),
                "cancelType": ("app", "receipt", "expire", "other"),
                "!warehouseName": str,
                "!warehouseRegion": str,
                "!isMp": bool,
                "!destinationCity": str,
                "!destinationDistrict": str,
                "!sellerPrice": float,
                "!isB2b": bool,
            }
        ],
    }
}
_DURATION = {"!days": int, "!hours": int}
CABINET = {
    "!data": {
        "!currency": str,
        "!items": [
            {
                "!nmID": int,
                "!isDeleted": bool,
                "!subjectName": str,
                "!name": str,
                "!vendorCode": str,
                "!brandName": str,
                "!mainPhoto": str,
                "!hasSizes": bool,
                "!metrics": {
                    "!ordersCount": int,
                    "!ordersSum": int,
                    "!avgOrders": float,
                    "!avgOrdersByMonth": [{"!start": str, "!end": str, "!value": float}],
                    "!buyoutCount": int,
                    "!buyoutSum": int,
                    "!buyoutPercent": int,
                    "!stockCount": int,
                    "!stockSum": int,
                    "!saleRate": _DURATION,
                    "!avgStockTurnover": _DURATION,
                    "!toClientCount": int,
                    "!fromClientCount": int,
                    "!officeMissingTime": _DURATION,
                    "!lostOrdersCount": float,
                    "!lostOrdersSum": float,
                    "!lostBuyoutsCount": float,
                    "!lostBuyoutsSum": float,
                    "!currentPrice": {"!minPrice": int, "!maxPrice": int},
                    "!availability": (
                        "deficient",
                        "actual",
                        "balanced",
                        "nonActual",
                        "nonLiquid",
                        "invalidData",
                    ),
                },
            }
        ],
    }
}
_NEVER = type(None)
_SUPPLY = {
    "phone": str,
    "createDate": str,
    "supplyDate": (str, _NEVER),
    "factDate": (str, _NEVER),
    "updatedDate": (str, _NEVER),
    "statusID": (1, 2, 3, 4, 5, 6),
    "boxTypeID": (0, 1, 2, 5, 6),
    "isBoxOnPallet": bool,
}
SUPPLIES = [_SUPPLY | {"supplyID": (int, _NEVER), "preorderID": int}]
SUPPLY = _SUPPLY | {
    "virtualTypeID": int,
    "warehouseID": int,
    "warehouseName": str,
    "actualWarehouseID": (int, _NEVER),
    "actualWarehouseName": str,
    "transitWarehouseID": (int, _NEVER),
    "transitWarehouseName": str,
    "acceptanceCost": (float, _NEVER),
    "paidAcceptanceCoefficient": (float, _NEVER),
    "rejectReason": (str, _NEVER),
    "supplierAssignName": (str, _NEVER),
    "storageCoef": (str, _NEVER),
    "deliveryCoef": (str, _NEVER),
    "quantity": int,
    "readyForSaleQuantity": int,
    "acceptedQuantity": int,
    "unloadingQuantity": int,
    "depersonalizedQuantity": (int, _NEVER),
}
SUPPLY_GOODS = [
    {
        "barcode": str,
        "vendorCode": str,
        "nmID": int,
        "needKiz": bool,
        "tnved": (str, _NEVER),
        "techSize": str,
        "color": (str, _NEVER),
        "supplierBoxAmount": (int, _NEVER),
        "quantity": int,
        "readyForSaleQuantity": (int, _NEVER),
        "acceptedQuantity": (int, _NEVER),
        "unloadingQuantity": (int, _NEVER),
    }
]
SUPPLY_ERROR = {"status": int, "title": str, "detail": str, "requestId": str, "origin": str}

FULL = "Personal, Service, Base with secret"
LIMITS = {
    # endpoint: (interval s, burst) with FULL, the same for plain Base or None, cost of a 4XX
    "ping": ((10.0, 99), (10.0, 99), 1),
    "seller_info": ((60.0, 10), (86_400.0, 1), 1),
    "cards": ((0.6, 5), (0.6, 5), 1),
    "wb_warehouses": ((20.0, 1), None, 1),
    "seller_warehouses": ((20.0, 1), None, 1),
    "remains_create": ((60.0, 5), (900.0, 1), 1),
    "remains_status": ((5.0, 5), (900.0, 1), 1),
    "remains_download": ((60.0, 1), (900.0, 1), 1),
    "orders": ((60.0, 10), (10_800.0, 1), 1),
    "warehouses": ((0.2, 20), (0.2, 20), 10),
    "stocks": ((0.2, 20), (0.2, 20), 10),
    "order_feed": ((60.0, 1), (10_800.0, 1), 1),
    "cabinet": ((20.0, 3), (1_800.0, 1), 1),
    "supplies": ((2.0, 10), (1_800.0, 1), 1),
    "supply": ((2.0, 10), (1_800.0, 1), 1),
    "supply_goods": ((2.0, 10), (1_800.0, 1), 1),
}


def breaches(value: Any, shape: Any, where: str = "$") -> list[str]:
    """Every way in which an answer breaks a shape; an empty list when it keeps it."""
    if isinstance(shape, dict):
        return _object_breaches(value, shape, where)
    if isinstance(shape, list):
        if not isinstance(value, list):
            return [f"{where}: not an array"]
        return [
            b for i, item in enumerate(value) for b in breaches(item, shape[0], f"{where}[{i}]")
        ]
    if isinstance(shape, tuple):
        fits = any(_is(value, each) if isinstance(each, type) else value == each for each in shape)
        return [] if fits else [f"{where}: {value!r} is none of {shape}"]
    return [] if _is(value, shape) else [f"{where}: {value!r} is no {shape.__name__}"]


def _object_breaches(value: Any, shape: dict[str, Any], where: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{where}: not an object"]
    known = {name.lstrip("!"): part for name, part in shape.items()}
    found = [f"{where}.{name}: not in the contract" for name in value.keys() - known.keys()]
    needed = {name[1:] for name in shape if name.startswith("!")}
    found += [f"{where}.{name}: required" for name in needed - value.keys()]
    for name in value.keys() & known.keys():
        found += breaches(value[name], known[name], f"{where}.{name}")
    return found


def _is(value: Any, kind: type) -> bool:
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
