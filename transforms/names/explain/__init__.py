"""Explanations of tags, and checks of the rules behind them."""
