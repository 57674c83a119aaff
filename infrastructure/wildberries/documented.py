"""Every field and value that dev.wildberries.ru promises of the answers that are read.

OpenAPI of 2026-08-18 (01-general, 02-items, 07-orders-fbw, 11-analytics, 12-reports). A path is
written as in `cards[].sizes[].chrtID`.
"""

from collections.abc import Mapping

from domain.fact import fact


@fact
class Answer:
    """`rows`: where the many rows of an answer stand, "" where there are none; `values`: what a
    field may say, by its path."""

    fields: frozenset[str]
    rows: str = ""
    values: Mapping[str, frozenset[object]] | None = None


def _answer(
    fields: str, rows: str = "", values: Mapping[str, frozenset[object]] | None = None
) -> Answer:
    """`fields`: paths with blanks between, those of rows without their beginning."""
    every = [each if each.startswith("/") else f"{rows}.{each}" for each in fields.split()]
    named = {each.removeprefix("/").removeprefix(".") for each in every}
    return Answer(fields=frozenset(named), rows=rows, values=values)


_STOCK = "/data /data.items nmId chrtId warehouseId warehouseName regionName quantity"
_STATES = frozenset[object](("new", "processing", "done", "purged", "canceled"))
_STAGES = frozenset[object](range(1, 7))
_FEED_STATES = frozenset[object](("created", "buyout", "cancel", "return", "returnDefective"))
ORDER_TYPES = frozenset[object](("Склад WB", "Склад продавца"))

DOCUMENTED: Mapping[str, Answer] = {
    "seller_info": _answer("/name /sid /tin /tradeMark"),
    "cards": _answer(
        "/cards /cursor /cursor.updatedAt /cursor.nmID /cursor.total nmID imtID nmUUID subjectID "
        "subjectName vendorCode brand title description needKiz kizMarked photos photos[].big "
        "photos[].c246x328 photos[].c516x688 photos[].square photos[].tm video wholesale "
        "wholesale.enabled wholesale.quantum dimensions dimensions.length dimensions.width "
        "dimensions.height dimensions.weightBrutto dimensions.isValid characteristics "
        "characteristics[].id characteristics[].name characteristics[].value sizes sizes[].chrtID "
        "sizes[].techSize sizes[].wbSize sizes[].skus tags tags[].id tags[].name tags[].color "
        "createdAt updatedAt",
        "cards[]",
    ),
    "wb_warehouses": _answer(f"{_STOCK} inWayToClient inWayFromClient", "data.items[]"),
    "seller_warehouses": _answer(_STOCK, "data.items[]"),
    "remains_create": _answer("/data /data.taskId"),
    "remains_status": _answer("/data /data.id /data.status", values={"data.status": _STATES}),
    "remains_download": _answer(
        "brand subjectName vendorCode nmId barcode techSize volume warehouses "
        "warehouses[].warehouseName warehouses[].quantity",
        "[]",
    ),
    "orders": _answer(
        "date lastChangeDate warehouseName warehouseType countryName oblastOkrugName regionName "
        "supplierArticle nmId barcode category subject brand techSize incomeID isSupply "
        "isRealization totalPrice discountPercent spp finishedPrice priceWithDisc isCancel "
        "cancelDate sticker gNumber srid",
        "[]",
        {"[].warehouseType": ORDER_TYPES},
    ),
    "warehouses": _answer(
        "name officeId id cargoType deliveryType isDeleting isProcessing",
        "[]",
        {
            "[].cargoType": frozenset((1, 2, 3)),
            "[].deliveryType": frozenset((1, 2, 3, 5, 6)),
        },
    ),
    "stocks": _answer("/stocks chrtId amount", "stocks[]"),
    "order_feed": _answer(
        "/data /data.snapshotTime /data.currency /data.orders nmId chrtId srid createdAt updatedAt "
        "status cancelType warehouseName warehouseRegion isMp destinationCity destinationDistrict "
        "sellerPrice isB2b",
        "data.orders[]",
        {
            "data.orders[].status": _FEED_STATES,
            "data.orders[].cancelType": frozenset(("app", "receipt", "expire", "other", "")),
        },
    ),
    "supplies": _answer(
        "phone supplyID preorderID createDate supplyDate factDate updatedDate statusID boxTypeID "
        "isBoxOnPallet",
        "[]",
        {"[].statusID": _STAGES},
    ),
    "supply": _answer(
        "/phone /statusID /virtualTypeID /boxTypeID /createDate /supplyDate /factDate /updatedDate "
        "/warehouseID /warehouseName /actualWarehouseID /actualWarehouseName /transitWarehouseID "
        "/transitWarehouseName /acceptanceCost /paidAcceptanceCoefficient /rejectReason "
        "/supplierAssignName /storageCoef /deliveryCoef /quantity /readyForSaleQuantity "
        "/acceptedQuantity /unloadingQuantity /depersonalizedQuantity /isBoxOnPallet",
        values={"statusID": _STAGES},
    ),
    "supply_goods": _answer(
        "barcode vendorCode nmID needKiz tnved techSize color supplierBoxAmount quantity "
        "readyForSaleQuantity acceptedQuantity unloadingQuantity",
        "[]",
    ),
}
"""By the name of a call; the answers of those that are not here are not looked at."""
