"""The API of what people keep: saved searches, alerts, lists, rules."""
