"""Steps of a run, without Prefect: flows and commands call these."""
