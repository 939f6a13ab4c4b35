"""What every estimate works on: the history, its resamples, and the template's numbers.

The template is the parameters that few events lean on: England's, or those of an area that
extends England. It estimates nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from model.calibrate.bootstrap import Resamples
from model.parameters import Parameters
from model.parameters.catalogue import SPECS
from model.parameters.values import Bands, Shape, dense
from model.pathway import ATTRIBUTES
from model.returns.history import History
from model.returns.linking import Days, Ints

Floats = NDArray[np.float64]
STREAMS = ATTRIBUTES["stream"]
AGES = ATTRIBUTES["age"]
DAYS_PER: dict[str, float] = {"days": 1.0, "weeks": 7.0, "years": 365.25}


@dataclass(frozen=True)
class Study:
    """A history with its resamples, and the template's numbers."""

    history: History = field(repr=False)
    resamples: Resamples = field(repr=False)
    template: Parameters = field(repr=False)

    def stream_of(self, child: Ints) -> Ints:
        """Index of each child's stream."""
        names = self.history.cleaned.stream
        codes = np.zeros(len(names), np.int64)
        for place, name in enumerate(STREAMS):
            codes[names == name] = place
        return codes[child]

    def birth_of(self, child: Ints) -> Days:
        """Day of birth of each child."""
        return self.history.cleaned.birth[child]

    def numbers(self, name: str) -> Floats:
        """The template's numbers over the catalogue's attributes, localities averaged."""
        spec, parameter = SPECS[name], self.template[name]
        localities = self.template.area.localities
        array = dense(parameter.value, spec, parameter.by, localities)
        if "locality" in spec.dims:
            array = array.mean(axis=spec.dims.index("locality"))
        return array

    def bands(self, name: str, stream: str = "") -> Bands:
        """The template's bands, of a stream where they differ by it."""
        found = self._first(name, stream)
        assert isinstance(found, Bands)
        return found

    def shape(self, name: str) -> Shape:
        """The template's factors over time in a stage."""
        found = self._first(name, "")
        assert isinstance(found, Shape)
        return found

    def _first(self, name: str, stream: str) -> object:
        parameter = self.template[name]
        found = parameter.value
        for dim in parameter.by:
            found = found[stream] if dim == "stream" and stream else next(iter(found.values()))
        return found

    def per_family(self, scope: str) -> float:
        """Children of a family that this scope counts, in the template."""
        return float(self.template["population.children_per_family"].value[scope])


def edges_in_days(edges: tuple[float, ...], unit: str) -> Floats:
    """Lower edges of bands in days."""
    return np.asarray(edges, float) * DAYS_PER[unit]
