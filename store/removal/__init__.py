"""Permanent removal of articles, either one at a time or by a retention rule.

A removal deletes an article's rows from every table in one transaction and records that it
happened, so that ingest does not bring the article back.
"""
