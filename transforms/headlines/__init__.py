"""What a headline is (round-up, frame, credits), and what it says (facts)."""
