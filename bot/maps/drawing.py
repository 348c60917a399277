"""Paint: land, lines, marks and names as pixels. What goes where was settled before."""

from collections.abc import Callable
from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw

from bot.maps.frame import Frame, Size
from bot.maps.labels import LETTERING, Label, Role, font
from bot.maps.outlines import Line, Outlines, outlines
from bot.maps.projection import Points
from bot.maps.scene import Inset, Mark, ScaleBar, Scene, attribution_box
from bot.maps.world import BORDER, COAST, DISPUTED, World

_SEA, _LAND, _FOCUS, _NATION = "#d9e7ef", "#ebe8e0", "#fbfaf5", "#fae3c6"
_INSET_FOCUS = "#c9c0ad"
_LINES = {COAST: "#8fb0c2", BORDER: "#a39a92", DISPUTED: "#a39a92"}
_DASH = (9.0, 7.0)  # pixels on and off, in the large picture
_INK, _HALO, _EDGE = "#4d4d4d", "#ffffff", "#b9b9b9"
_VERMILION, _BLUE, _GREY = "#d55e00", "#0072b2", "#7a7a7a"  # the first two: Okabe and Ito's


def paint(ground: Outlines, scene: Scene, world: World, frame: Frame) -> bytes:
    """The finished picture as PNG."""
    picture = _ground(ground, scene, world, frame.size).reduce(ground.oversampling)
    draw = ImageDraw.Draw(picture)
    for label in scene.labels:
        if label.leader:
            draw.line((*label.spot, *label.box.nearest(label.spot)), fill=_INK, width=1)
    for mark in scene.marks:
        _DRAWN[mark.role](picture, draw, mark)
    for label in scene.labels:
        _label(draw, label)
    _scale(draw, scene.scale)
    if scene.inset:
        _inset(picture, scene.inset, scene, world)
    left, top, *_ = attribution_box(frame)
    draw.text((left + 4, top + 2), "Natural Earth", _GREY, font("Regular", 11), stroke_width=2, stroke_fill=_HALO)
    draw.rectangle((0, 0, frame.size[0] - 1, frame.size[1] - 1), outline=_EDGE)
    out = BytesIO()
    picture.save(out, "PNG", compress_level=2)  # hardly larger than by default, in half the time
    return out.getvalue()


def _inset(picture: Image.Image, inset: Inset, scene: Scene, world: World) -> None:
    ground = outlines(world, inset.frame, 2)
    small = _ground(ground, scene, world, inset.frame.size, focus=_INSET_FOCUS).reduce(2)
    left, top, right, bottom = (round(edge) for edge in inset.box)
    picture.paste(small, (left, top))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((left - 1, top - 1, right, bottom), outline=_GREY)
    draw.rectangle([round(edge) for edge in inset.window], outline=_VERMILION, width=2)


def _ground(ground: Outlines, scene: Scene, world: World, size: Size, focus: str = _FOCUS) -> Image.Image:
    """Sea, land and lines, larger than the picture so that shrinking makes the lines smooth."""
    picture = Image.new("RGB", (size[0] * ground.oversampling, size[1] * ground.oversampling), _SEA)
    draw = ImageDraw.Draw(picture)
    for land in ground.land:
        code = world.codes[land.country]
        colour = _NATION if code in scene.nations else focus if code in scene.focus else _LAND
        draw.polygon(land.outline.ravel().tolist(), fill=colour)
    for line in ground.lines:
        _line(draw, line, ground.oversampling)
    return picture


def _line(draw: ImageDraw.ImageDraw, line: Line, width: int) -> None:
    if line.kind != DISPUTED:
        draw.line(line.points.ravel().tolist(), fill=_LINES[line.kind], width=width)
        return
    for dash in _dashes(line.points):
        draw.line(dash.ravel().tolist(), fill=_LINES[line.kind], width=width)


def _dashes(points: Points) -> list[Points]:
    """The line cut into dashes of three points each."""
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    starts = np.arange(0.0, along[-1], sum(_DASH))
    stops = starts[:, None] + np.array([0.0, 0.5, 1.0]) * _DASH[0]
    return list(np.stack([np.interp(stops, along, points[:, axis]) for axis in (0, 1)], axis=-1))


def _disc(picture: Image.Image, _draw: ImageDraw.ImageDraw, mark: Mark) -> None:
    """A soft disc: an area has no edge that we know."""
    side = max(2, round(2 * mark.radius))
    fade = (
        Image.radial_gradient("L").resize((side, side)).point([max(0, 70 - value * 70 // 180) for value in range(256)])
    )
    picture.paste(_VERMILION, (round(mark.spot[0] - side / 2), round(mark.spot[1] - side / 2)), fade)


def _smooth(colour: str, corners: int) -> Callable[[Image.Image, ImageDraw.ImageDraw, Mark], None]:
    """Draws a disc, or a diamond where ``corners`` is 4, with a white rim."""

    def draw_it(picture: Image.Image, _draw: ImageDraw.ImageDraw, mark: Mark) -> None:
        side = round(2 * mark.radius) + 6
        left, top = round(mark.spot[0] - side / 2), round(mark.spot[1] - side / 2)
        middle = ((mark.spot[0] - left) * 4, (mark.spot[1] - top) * 4)
        for fill, radius in ((_HALO, mark.radius + 1.6), (colour, mark.radius)):
            mask = Image.new("L", (side * 4, side * 4), 0)
            _shape(ImageDraw.Draw(mask), middle, radius * 4, corners)
            picture.paste(fill, (left, top), mask.reduce(4))

    return draw_it


def _shape(draw: ImageDraw.ImageDraw, middle: tuple[float, float], radius: float, corners: int) -> None:
    if corners:
        draw.regular_polygon((*middle, radius * 1.2), corners, rotation=45, fill=255)
    else:
        draw.circle(middle, radius, fill=255)


_DRAWN: dict[Role, Callable[[Image.Image, ImageDraw.ImageDraw, Mark], None]] = {
    Role.AREA: _disc,
    Role.KEY: _smooth(_VERMILION, 0),
    Role.MINOR: _smooth(_BLUE, 4),
    Role.TOWN: _smooth(_GREY, 0),
}


def _label(draw: ImageDraw.ImageDraw, label: Label) -> None:
    style = LETTERING[label.role]
    x, y = label.box.left + 2, label.box.top + 2 + round(style.size * 0.75)
    face = font(style.face, style.size)
    letters = label.text if style.spacing else [label.text]
    places = []
    for letter in letters:
        places.append((x, letter))
        x += face.getlength(letter) + style.spacing
    for left, letter in places:  # halos first, so that none covers its neighbour's letter
        draw.text((left, y), letter, _HALO, face, anchor="ls", stroke_width=2, stroke_fill=_HALO)
    for left, letter in places:
        draw.text((left, y), letter, style.colour, face, anchor="ls")


def _scale(draw: ImageDraw.ImageDraw, bar: ScaleBar) -> None:
    left, bottom = bar.box.left + 4, bar.box.bottom - 6
    right = left + bar.length
    draw.line((left, bottom - 5, left, bottom, right, bottom, right, bottom - 5), fill=_INK, width=2)
    draw.text((left, bottom - 8), bar.text, _INK, font("Regular", 12), anchor="ls", stroke_width=2, stroke_fill=_HALO)
