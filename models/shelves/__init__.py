"""The parts of the store, one subject each; `models.store.Store` puts them together."""
