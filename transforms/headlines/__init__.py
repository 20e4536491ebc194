"""Headlines: their form (round-up, frame, credits) and their facts."""
