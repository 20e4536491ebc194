"""Order, schedule, settings, and what a person starts."""

# The one place; the package takes its version from here. Reading it from the installed
# metadata would cost every command 30 ms.
__version__ = "0.1.0"
