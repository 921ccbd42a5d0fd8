"""Pictures drawn as SVG: bars over time, small lines, the graph of entities."""
