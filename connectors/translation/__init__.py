"""Hand headlines to what translates them: a command, or a service like LibreTranslate."""
