"""Client records of a practice: who they are, their coach, the invitation into the portal, what they share."""
