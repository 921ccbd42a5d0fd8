"""Removing articles in the browser and the API: one by one, or by a retention rule.

`plan` computes a preview and carries the removal out; pages, API, jobs and `slugline watch` all use
it. The data is removed by `store/removal/`.
"""
