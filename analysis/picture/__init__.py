"""Pictures of metrics over parameters: what analysis/heatmap.py draws."""
