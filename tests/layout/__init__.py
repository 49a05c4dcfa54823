"""The process layout of many machines: `pytest --as-fleet` has browsers meet it, and tests kill its processes."""
