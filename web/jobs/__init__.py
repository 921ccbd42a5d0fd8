"""Long-running jobs in the browser and the API: starting, watching and cancelling them.

A request adds a row to `store.jobs`; the runner in `slugline/jobs/runner.py` does the work in
another process and reports its progress there.
"""
