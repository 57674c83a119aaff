"""Adapters: one package per neighbour, a system outside our process."""
