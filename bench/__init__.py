"""Side-by-side measurements: one program each, the figure as the last line."""
