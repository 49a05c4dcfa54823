"""The product in a real browser, over real HTTP, on a database of the worker's own."""
