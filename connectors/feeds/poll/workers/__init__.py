"""Processes that parse documents: one that hangs or kills its parser ends alone."""
