"""Working-day calendars: the weekend, holidays, and days that are made up for."""

from __future__ import annotations

from datetime import date
from typing import Literal, get_args

from pydantic import Field, model_validator

from policyeval.language.validation import Model, refuse

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[str, ...] = get_args(Weekday)


class WorkingDays(Model):
    """A working-day calendar.

    Args:
        country: ISO 3166 code: its holidays, make-up working days and weekend.
        subdivision: a part of the country.
        market: instead of a country, a financial market or system such as `ECB`, `NYSE`.
        weekend: the days of the week on which nobody works.
        extra_holidays: further days off.
        extra_working_days: further working days; they come before everything else.
        all_of: working days are those of every one of these calendars.
    """

    country: str | None = None
    subdivision: str | None = None
    market: str | None = None
    weekend: tuple[Weekday, ...] | None = Field(default=None, max_length=6)
    extra_holidays: tuple[date, ...] = ()
    extra_working_days: tuple[date, ...] = ()
    all_of: tuple[WorkingDays, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> WorkingDays:
        if self.country is not None and self.market is not None:
            raise refuse("choose `country` or `market`; `all_of` takes several calendars together")
        if self.subdivision is not None and self.country is None:
            raise refuse("`subdivision` needs its `country`")
        if self.all_of and (self.country or self.market or self.weekend is not None):
            raise refuse("with `all_of`, each calendar in it has its own holidays and weekend")
        both = set(self.extra_holidays) & set(self.extra_working_days)
        if both:
            raise refuse(f"{min(both)} is an extra holiday and an extra working day; choose one")
        return self


WorkingDays.model_rebuild()
