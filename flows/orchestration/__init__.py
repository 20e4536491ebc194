"""Orchestration by Prefect: server, deployments, workers, and runs of flows."""
