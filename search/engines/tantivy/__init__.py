"""The fast embedded engine: Tantivy, a search library in Rust."""
