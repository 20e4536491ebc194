"""Headlines: their form (round-up, credits) and their facts."""
