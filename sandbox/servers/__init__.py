"""Embedded PostgreSQL and Valkey, so that the product and its tests run on a bare machine."""

from sandbox.servers.folders import Unreachable, Unusable, data_folder, temporary_folder
from sandbox.servers.ports import PortTaken, ensure_free, free_port
from sandbox.servers.postgresql import WrongVersion, postgres
from sandbox.servers.process import InUse, Server, ServerFailed
from sandbox.servers.valkey_server import valkey

__all__ = [
    "InUse",
    "PortTaken",
    "Server",
    "ServerFailed",
    "Unreachable",
    "Unusable",
    "WrongVersion",
    "data_folder",
    "ensure_free",
    "free_port",
    "postgres",
    "temporary_folder",
    "valkey",
]
