"""Invented sellers: seeded, any size, awkward in the ways real ones are."""

from sandbox.sellers.cabinet_changes import CabinetCounts, CabinetShows
from sandbox.sellers.changes import AddPseudo, Change, SetStock, SetTransit, Switch
from sandbox.sellers.order_changes import AddOrder, CancelOrder
from sandbox.sellers.place_changes import AddPlace, RemovePlace, RenamePlace
from sandbox.sellers.product_changes import AddProduct, EditProduct, RemoveProduct
from sandbox.sellers.seller import Seller, UnknownToSeller
from sandbox.sellers.spec import Spec
from sandbox.sellers.supply_changes import RecallSupply, ReceiveSupply, ShipSupply
from sandbox.sellers.truth import Counts, Product, truth
from sandbox.sellers.world import SeedTaken, World

__all__ = [
    "AddOrder",
    "AddPlace",
    "AddProduct",
    "AddPseudo",
    "CabinetCounts",
    "CabinetShows",
    "CancelOrder",
    "Change",
    "Counts",
    "EditProduct",
    "Product",
    "RecallSupply",
    "ReceiveSupply",
    "RemovePlace",
    "RemoveProduct",
    "RenamePlace",
    "SeedTaken",
    "Seller",
    "SetStock",
    "SetTransit",
    "ShipSupply",
    "Spec",
    "Switch",
    "UnknownToSeller",
    "World",
    "truth",
]
