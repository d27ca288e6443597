"""Who was hurt, how many, and what that adds up to."""

from processors.extract.casualties.combine import Combined, combine_tolls
from processors.extract.casualties.find import find_tolls
from processors.extract.casualties.toll import Toll

__all__ = ["Combined", "Toll", "combine_tolls", "find_tolls"]
