"""Who did it, to whom: `find_actors` for one trigger, `resolve_name` for any name."""

from processors.extract.actors.names import ActorName, find_names, resolve_name
from processors.extract.actors.roles import Roles, find_actors

__all__ = ["ActorName", "Roles", "find_actors", "find_names", "resolve_name"]
