"""Stand-ins for the services that the action talks to, and the demo that runs the action against them.

Nothing here is part of the action.
"""
