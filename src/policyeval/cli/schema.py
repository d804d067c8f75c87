"""`policyeval schema`: the JSON Schemas, generated from the models."""

from __future__ import annotations

import json
from typing import Annotated

import click
from pydantic import BaseModel, Field

from policyeval.cli.schema_parameters import with_parameters
from policyeval.findings.models import Finding, Report
from policyeval.inputs.organisation import Organisation
from policyeval.inputs.profile import Profile
from policyeval.inputs.waivers import Waivers
from policyeval.language.duty import DutySpec
from policyeval.language.policy import Policy
from policyeval.language.validation import Model
from policyeval.language.words import Id


class Duties(Model):
    """A file `duties/*.yaml` beside a `policy.yaml`."""

    duties: Annotated[dict[Id, DutySpec], Field(min_length=1)]


MODELS: dict[str, type[BaseModel]] = {
    "policy": Policy,
    "duties": Duties,
    "organisation": Organisation,
    "waivers": Waivers,
    "profile": Profile,
    "finding": Finding,
    "report": Report,
}


def schema_text(name: str) -> str:
    """The JSON Schema of one format, as text that ends in a newline."""
    mode = "serialization" if name in {"finding", "report"} else "validation"
    model = MODELS[name]
    made = model.model_json_schema(mode=mode)  # type: ignore[arg-type]
    made = with_parameters(made, DutySpec.__name__)
    made = {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}
    return json.dumps(made, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


@click.command()
@click.argument("name", type=click.Choice(sorted(MODELS)))
def schema(name: str) -> None:
    """Print the JSON Schema of a file that policyeval reads or writes.

    Editors use it to complete and check policy files.
    """
    click.echo(schema_text(name), nl=False)
