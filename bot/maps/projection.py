"""From the globe to the plane: the two projections that maps are drawn in.

Angles in and out are degrees, longitude first; plane coordinates are in radii of the Earth, y
northwards. Arrays are (n, 2).
Formulas: Snyder, Map Projections: A Working Manual, U.S. Geological Survey 1987, pages 88 and 182.
"""

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]

EARTH_KM = 6371.0


class Projection(Protocol):
    """A way to lay the globe flat."""

    @property
    def period(self) -> float | None:
        """How far to the right the same meridian comes again; None where it doesn't."""
        ...

    def forward(self, degrees: Points) -> Points:
        """The points on the plane."""
        ...

    def inverse(self, plane: Points) -> Points:
        """The points on the globe, longitude within a turn of the centre."""
        ...


@dataclass(frozen=True, slots=True)
class Azimuthal:
    """Lambert's equal-area view from above a point: true there; no date line, no special pole; up to a hemisphere."""

    lon: float
    lat: float

    @property
    def period(self) -> float | None:
        """None: every point of the globe comes once."""
        return None

    def forward(self, degrees: Points) -> Points:
        """The points on the plane; the point opposite the centre, which has no direction, lies 2 to the right."""
        lam, phi = np.radians(degrees[:, 0] - self.lon), np.radians(degrees[:, 1])
        sin0, cos0 = math.sin(math.radians(self.lat)), math.cos(math.radians(self.lat))
        sin, cos, along = np.sin(phi), np.cos(phi), np.cos(lam)
        height = 1.0 + sin0 * sin + cos0 * cos * along
        k = np.sqrt(2.0 / np.maximum(height, 1e-9))
        x, y = k * cos * np.sin(lam), k * (cos0 * sin - sin0 * cos * along)
        return np.stack([np.where(height < 1e-9, 2.0, x), np.where(height < 1e-9, 0.0, y)], axis=1)

    def inverse(self, plane: Points) -> Points:
        """The points on the globe; what lies outside the disc of radius 2 is taken to its rim."""
        x, y = plane[:, 0], plane[:, 1]
        rho = np.maximum(np.hypot(x, y), 1e-12)
        c = 2.0 * np.arcsin(np.minimum(rho / 2.0, 1.0))
        sin0, cos0 = math.sin(math.radians(self.lat)), math.cos(math.radians(self.lat))
        phi = np.arcsin(np.clip(np.cos(c) * sin0 + y * np.sin(c) * cos0 / rho, -1.0, 1.0))
        lam = np.arctan2(x * np.sin(c), rho * cos0 * np.cos(c) - y * sin0 * np.sin(c))
        return np.stack([self.lon + np.degrees(lam), np.degrees(phi)], axis=1)


@dataclass(frozen=True, slots=True)
class Cylindrical:
    """Miller's cylinder, for maps wider than a hemisphere: true along the equator."""

    lon: float

    @property
    def period(self) -> float | None:
        """Once round the Earth."""
        return 2.0 * math.pi

    def forward(self, degrees: Points) -> Points:
        """The points on the plane, unwrapped: a longitude 360 degrees on lies a period to the right."""
        x = np.radians(degrees[:, 0] - self.lon)
        return np.stack([x, 1.25 * np.log(np.tan(math.pi / 4 + 0.4 * np.radians(degrees[:, 1])))], axis=1)

    def inverse(self, plane: Points) -> Points:
        """The points on the globe; above and below the poles lie the poles."""
        lat = np.degrees(2.5 * (np.arctan(np.exp(0.8 * plane[:, 1])) - math.pi / 4))
        return np.stack([self.lon + np.degrees(plane[:, 0]), np.clip(lat, -90.0, 90.0)], axis=1)


def unit_vectors(degrees: Points) -> Points:
    """Where the points lie on a globe of radius 1, (n, 3)."""
    lon, lat = np.radians(degrees[:, 0]), np.radians(degrees[:, 1])
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)


def degrees_of(vector: NDArray[np.float64]) -> tuple[float, float]:
    """Longitude and latitude of the direction; of no direction at all, 0 and 0."""
    x, y, z = (float(value) for value in vector)
    return math.degrees(math.atan2(y, x)), math.degrees(math.atan2(z, math.hypot(x, y)))


def circle(lon: float, lat: float, radius_km: float) -> Points:
    """Eight points around one, at the distance."""
    turn = np.arange(8) * math.pi / 4
    rho = 2.0 * math.sin(min(radius_km / EARTH_KM, math.pi) / 2.0)
    return Azimuthal(lon, lat).inverse(rho * np.stack([np.sin(turn), np.cos(turn)], axis=1))
