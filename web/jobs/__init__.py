"""Long work: asked for, watched and cancelled. `slugline/jobs/runner.py` does it."""
