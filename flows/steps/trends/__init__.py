"""What is computed rather than viewed, and what is watched in it."""
