"""What a headline is: a round-up, a frame, a line of credits."""
