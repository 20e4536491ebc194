"""Prefect around the steps: its server, deployments, artifacts and events."""
