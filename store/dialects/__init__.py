"""What differs between the databases that can keep a store."""
