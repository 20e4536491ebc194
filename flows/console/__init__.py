"""Command line: each group of commands is a module, loaded on demand."""

import gc

# What is imported stays, and articles live until their batch is committed and refer to
# nobody: looking for cycles among them every 700 new objects is a tenth of a run's CPU.
GC_THRESHOLD = 50_000
gc.set_threshold(GC_THRESHOLD)
