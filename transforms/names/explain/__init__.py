"""Explanations of tags, and doubts about the rules behind them."""
