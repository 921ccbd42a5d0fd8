"""The whole service: its stages on a month, load, growth, kills, damage and long runs."""
