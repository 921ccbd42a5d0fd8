"""What is not kept: articles taken down, and rules of retention; each shown before it is done."""
