"""Entities: who and what is named, under which name, and which of them are one."""
