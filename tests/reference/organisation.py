"""Who there is: units, who holds which post when, and who answers for a unit."""

from __future__ import annotations

from datetime import date

from reference.conditions import holds
from reference.words import joined, many, span_of, within


class Organisation:
    """The organisation file, with the questions that the evaluator asks of it."""

    def __init__(self, spec: dict) -> None:
        self.units = {unit["id"]: unit for unit in spec["units"]}
        self.appointments = spec.get("appointments") or []

    def of_kind(self, kinds: str | list[str]) -> list[dict]:
        return [unit for unit in self.units.values() if unit["kind"] in many(kinds)]

    def above(self, unit: str | None) -> list[str]:
        """The units above a unit, nearest first."""
        chain = []
        while unit is not None and self.units[unit].get("parent") is not None:
            unit = self.units[unit]["parent"]
            chain.append(unit)
        return chain

    def below(self, unit: str | None) -> list[dict]:
        """Every unit below a unit, however deep."""
        return [each for each in self.units.values() if unit in self.above(each["id"])]

    def attributes(self, unit: str | None) -> dict:
        return (self.units.get(unit) or {}).get("attributes") or {}

    def has_attributes(self, unit: str | None, wanted: dict | None) -> bool:
        return holds(wanted, self.attributes(unit).get) is True

    def terms(self, holder: dict) -> list[tuple[date, date]]:
        """The stretches of time in which a holder holds the post."""
        return joined([span_of(appointment) for appointment in holder["appointments"]])

    def holders_ever(self, post: str | list[str]) -> list[dict]:
        """`{person, unit, appointments}`: each person that ever holds a post, by unit."""
        return self._grouped([a for a in self.appointments if a["post"] in many(post)])

    def holders_on(self, post: str | list[str], day: date) -> list[dict]:
        """The same, of the appointments that cover a day."""
        found = [
            a for a in self.appointments if a["post"] in many(post) and within(day, span_of(a))
        ]
        return self._grouped(found)

    def _grouped(self, appointments: list[dict]) -> list[dict]:
        groups: dict[tuple, list[dict]] = {}
        for appointment in appointments:
            key = (appointment["person"], appointment["unit"])
            groups.setdefault(key, []).append(appointment)
        return [
            {"person": person, "unit": unit, "appointments": group}
            for (person, unit), group in groups.items()
        ]

    def oversees(self, holder: dict, unit: str) -> bool:
        return any(unit in (a.get("oversees") or []) for a in holder["appointments"])

    def concerns(self, holder: dict, unit: str | None) -> bool:
        """Whether a trigger's unit is the holder's own, overseen by them or below theirs."""
        if unit is None or unit == holder["unit"]:
            return True
        return self.oversees(holder, unit) or holder["unit"] in self.above(unit)

    def answering(self, post: str, unit: str | None, day: date) -> list[str]:
        """The people who hold a post for a unit: in it, else overseeing it, else above it."""
        holders = self.holders_on(post, day)
        in_unit = [h["person"] for h in holders if h["unit"] == unit]
        overseeing = [h["person"] for h in holders if unit and self.oversees(h, unit)]
        nearest = [
            [h["person"] for h in holders if h["unit"] == above] for above in self.above(unit)
        ]
        return next((people for people in [in_unit, overseeing, *nearest] if people), [])
