"""Text of strangers: folded, plain, bounded, its language told, its tables drawn."""
