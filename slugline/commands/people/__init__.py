"""The commands about users and what they keep: accounts, alerts, lists, rules, saved searches.

They read and write the repositories of `store/people/` and the journal of changes.
"""
