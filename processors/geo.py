"""Distances on the globe."""

import math

EARTH_DIAMETER_KM = 12_742.0


def km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Great-circle distance in kilometres (haversine) between two WGS84 points in degrees."""
    p = math.pi / 180
    h = math.sin((other_lat - lat) * p / 2) ** 2
    h += math.cos(lat * p) * math.cos(other_lat * p) * math.sin((other_lon - lon) * p / 2) ** 2
    return EARTH_DIAMETER_KM * math.asin(min(1.0, math.sqrt(h)))
