"""Alerts, the outbox and the ledger of deliveries."""
