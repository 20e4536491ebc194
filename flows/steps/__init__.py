"""What a run does, step by step, without Prefect: flows and commands call these."""
