"""The formats that tagged articles leave in; `export/format.py` lists them."""
