"""Reports as documents: asked for, made by workers, kept with their versions, shared with the client.

Nouns: a *subject* is what a report is about; a *version* is one making of it; a *batch* is many asked for in one step;
a *wish* is for one about each month, made by itself. A report *waits*, is *being made*, is *ready* or has *failed*.
"""
