"""What a map shows: its centre, scale and projection, chosen so that the places of a briefing can be seen."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.errors import NotFound
from bot.maps.projection import EARTH_KM, Azimuthal, Cylindrical, Points, Projection, circle, degrees_of, unit_vectors
from bot.maps.world import load
from bot.types import BriefingPlace, Importance, Place

Size = tuple[int, int]

# How far around its point a place of a feature code reaches, km: what stands first here and begins the code decides.
_REACH_KM = {
    "CONT": 2500.0, "OCN": 2500.0, "SEA": 400.0, "GULF": 250.0, "BAY": 60.0, "STRT": 50.0, "CHN": 40.0, "STM": 120.0,
    "ADM1": 110.0, "ADM2": 45.0, "ADM3": 20.0, "ADM4": 12.0, "ADM": 60.0, "RGN": 150.0, "TERR": 150.0, "PRSH": 20.0,
    "LK": 50.0, "MTS": 200.0, "DSRT": 300.0, "ISLS": 100.0, "ISL": 30.0, "PEN": 80.0, "PCL": 250.0,
}  # fmt: skip
_ALONE_KM = 100.0  # from the middle of the map to its upper edge when it shows one town
_CLOSEST_KM = (
    25.0  # the same for several towns however near each other: beyond that the coast lines have no more to show
)
_FILLED = 0.76  # how much of the picture's width and height the places take up: the rest is for their labels
_FILLED_ALONE = 0.97
_HEMISPHERE = math.sqrt(2.0)  # on the plane, from the centre: a picture that reaches farther is drawn on the cylinder
_ROUND = 90.0  # degrees to each side from which on the whole round is shown
_FAMILIAR = 11.0  # the meridian of the usual picture of the world, which cuts no land but Chukotka
_OFF_THE_EDGE = 12.0  # degrees that a place must keep from the cut
_STRETCH = 1.6  # minor places may make a map this much larger, farther ones are left out


def reach_km(place: Place) -> float:
    """How far the place extends around its point, roughly; 0 for a town or a spot."""
    return next((reach for prefix, reach in _REACH_KM.items() if place.feature_code.startswith(prefix)), 0.0)


def is_country(place: Place) -> bool:
    """Whether the place is a country or dependency (GeoNames' PCL codes)."""
    return place.feature_code.startswith("PCL")


def is_wide(place: Place) -> bool:
    """Whether the place is so large that other places decide what the map shows."""
    over_countries = place.feature_code.startswith("RGN") and place.country_code is None
    return is_country(place) or over_countries or place.feature_code in {"CONT", "OCN"}


@dataclass(frozen=True, slots=True)
class Frame:
    """A map's window on the world."""

    projection: Projection
    centre: tuple[float, float]  # on the projection's plane
    scale: float  # pixels per radius of the Earth
    size: Size  # pixels: width, height

    @property
    def km_per_pixel(self) -> float:
        """At the centre; on a cylinder at the equator."""
        return EARTH_KM / self.scale

    @property
    def period(self) -> float | None:
        """After how many pixels to the right the same meridian comes again, if it does."""
        return self.projection.period and self.projection.period * self.scale

    def pixels(self, degrees: Points) -> Points:
        """Where the points (n, 2: longitude, latitude) fall, in pixels from the upper left corner."""
        plane = (self.projection.forward(degrees) - self.centre) * (self.scale, -self.scale)
        return np.asarray(plane + np.divide(self.size, 2))

    def degrees(self, pixels: Points) -> Points:
        """The way back."""
        plane = (pixels - np.divide(self.size, 2)) / (self.scale, -self.scale) + self.centre
        return self.projection.inverse(plane)

    def pixel(self, place: Place) -> tuple[float, float]:
        """Where the place's point falls, on the turn of the cylinder that is nearest to the middle."""
        ((x, y),) = self.pixels(np.array([[place.lon, place.lat]]))
        if self.period:
            x -= self.period * round((x - self.size[0] / 2) / self.period)
        return float(x), float(y)

    def holds(self, place: Place) -> bool:
        """Whether the place's point lies within the picture."""
        x, y = self.pixel(place)
        return 0 <= x < self.size[0] and 0 <= y < self.size[1]

    def border(self) -> Points:
        """Points of the picture, (n, 2) in degrees: its edges and a grid within."""
        x, y = np.meshgrid(np.linspace(0, self.size[0], 25), np.linspace(0, self.size[1], 17))
        return self.degrees(np.stack([x.ravel(), y.ravel()], axis=1))

    def bounds(self) -> tuple[float, float, float, float]:
        """South, west, north and east of the picture in degrees; west > east where the date line lies in it."""
        lon, lat = self.border().T
        north, south = self._shows_pole(90.0), self._shows_pole(-90.0)
        top, bottom = 90.0 if north else float(lat.max()), -90.0 if south else float(lat.min())
        if north or south or float(np.ptp(lon)) >= 360.0:
            return bottom, -180.0, top, 180.0
        return bottom, _wrapped(float(lon.min())), top, _wrapped(float(lon.max()))

    def _shows_pole(self, lat: float) -> bool:
        ((x, y),) = self.pixels(np.array([[0.0, lat]]))
        return bool(0 <= x <= self.size[0] and 0 <= y <= self.size[1])


def _wrapped(lon: float) -> float:
    """The same longitude from -180 up to, not including, 180."""
    return (lon + 180.0) % 360.0 - 180.0


def located(places: Sequence[BriefingPlace]) -> list[tuple[BriefingPlace, Place]]:
    """The places that have a record, each record once, key ones first, else as given."""
    found: dict[int, tuple[BriefingPlace, Place]] = {}
    for item in sorted(places, key=lambda item: item.importance is not Importance.KEY):
        if item.place is not None:
            found.setdefault(item.place.geonameid, (item, item.place))
    return list(found.values())


def frame_for(places: Sequence[BriefingPlace], size: Size) -> Frame:
    """The window that shows all key places, and minor ones that don't make it much larger.

    Countries and continents decide only when there is nothing smaller among the key places.

    Raises:
        NotFound: none of the places is located.
    """
    known = located(places)
    if not known:
        raise NotFound("There is no map to draw: none of the places is located.")
    key = [place for item, place in known if item.importance is Importance.KEY] or [place for _, place in known]
    deciding = [place for place in key if not is_wide(place)] or key
    minor = [place for _, place in known if place not in key and not is_wide(place)]
    return _fit(deciding + _within_reach(deciding, minor), size)


def _within_reach(deciding: Sequence[Place], minor: Sequence[Place]) -> list[Place]:
    """Those of the minor places that lie inside, or not far outside, a circle around the others."""
    points = unit_vectors(np.concatenate([_outline(place, alone=len(deciding) == 1) for place in deciding]))
    centre = np.array([unit_vectors(np.array([degrees_of(points.mean(axis=0))]))[0]])
    limit = _STRETCH * float(np.arccos(np.clip(points @ centre.T, -1, 1)).max())
    return [place for place in minor if _distance(place, centre) <= limit]


def _distance(place: Place, centre: Points) -> float:
    """Radians from the place to the one unit vector in ``centre``."""
    return float(np.arccos(np.clip(unit_vectors(np.array([[place.lon, place.lat]])) @ centre.T, -1, 1))[0, 0])


def _outline(place: Place, *, alone: bool) -> Points:
    """Points that the map must hold for the place to be seen whole."""
    point = np.array([[place.lon, place.lat]])
    body = load().body(place.country_code) if is_country(place) else np.empty((0, 2))
    if len(body):
        return np.concatenate([body, point])
    reach = reach_km(place)
    radius = max(1.5 * reach, _ALONE_KM) if alone else reach
    return circle(place.lon, place.lat, radius) if radius else point


def _fit(places: Sequence[Place], size: Size) -> Frame:
    points = np.concatenate([_outline(place, alone=len(places) == 1) for place in places])
    lon, lat = degrees_of(unit_vectors(points).mean(axis=0))
    for _ in range(3):  # the middle of the picture moves towards the middle of what it shows
        plane = Azimuthal(lon, lat).forward(points)
        middle = (plane.min(axis=0) + plane.max(axis=0)) / 2
        ((lon, lat),) = Azimuthal(lon, lat).inverse(np.array([middle])).tolist()
    plane = Azimuthal(lon, lat).forward(points)
    half = np.maximum(np.abs(plane).max(axis=0), (1e-9, _CLOSEST_KM / EARTH_KM))
    filled = _FILLED_ALONE if len(places) == 1 else _FILLED
    scale = filled * float(min(size[0] / 2 / half[0], size[1] / 2 / half[1]))
    if math.hypot(*size) / 2 / scale > _HEMISPHERE:
        return _fit_cylinder(points, size)
    return Frame(Azimuthal(lon, lat), (0.0, 0.0), scale, size)


def _fit_cylinder(points: Points, size: Size) -> Frame:
    """The strip of the world that holds the points; the familiar picture where nearly the whole round is needed."""
    lon, half = _meridian(points[:, 0])
    if half > _ROUND and np.abs((points[:, 0] - _FAMILIAR + 180.0) % 360.0 - 180.0).max() < 180.0 - _OFF_THE_EDGE:
        lon, half = _FAMILIAR, 180.0
    projection = Cylindrical(lon)
    y = projection.forward(points)[:, 1]
    high = size[1] / max(float(np.ptp(y)), 1e-9)  # the scale at which the places just fit
    wide = size[0] / 2 / max(math.radians(half), 1e-9)
    scale = min(max(size[0] / (2 * math.pi), _FILLED * min(wide, high)), _FILLED_ALONE * high)
    return Frame(projection, (0.0, _kept_on_the_map(float(y.min() + y.max()) / 2, size[1] / scale)), scale, size)


def _meridian(lons: Points) -> tuple[float, float]:
    """The middle of the strip that leaves out the widest stretch without a point, and how far it goes to each side."""
    lons = np.sort(lons % 360.0)
    gaps = np.diff(lons, append=lons[0] + 360.0)
    half = (360.0 - float(gaps.max())) / 2
    return float(lons[gaps.argmax()]) - half, half


def _kept_on_the_map(y: float, height: float) -> float:
    """The middle moved so that as little as can be is shown beyond the poles."""
    pole = float(Cylindrical(0.0).forward(np.array([[0.0, 90.0]]))[0, 1])
    return max(-pole + height / 2, min(pole - height / 2, y)) if height < 2 * pole else 0.0
