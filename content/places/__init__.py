"""Places: the statistical divisions of Inner Mongolia, their codes and stems, and the names that people call them."""

from content.places.errors import PlaceError
from content.places.gazetteer import Mention, Places
from content.places.place import Level, Place

__all__ = ["Level", "Mention", "Place", "PlaceError", "Places"]
