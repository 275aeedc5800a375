"""Files of other tools, of a size, with one entry again and again."""

from __future__ import annotations

from itertools import count

from small_files import Maker, within  # type: ignore[import-not-found]


def json_list(head: str, one: str, tail: str, between: str = ",") -> Maker:
    """Return a maker of a file with one entry again and again; `@` is its number, `#` one that recurs."""

    def piece(number: int) -> str:
        return one.replace("@", str(number)).replace("#", str(number * 7 % 50)) + between

    return lambda size: (
        within(size - 100 - len(one), map(piece, count()), head) + one.replace("@", "last").replace("#", "1") + tail
    )


FIDES = '{"fides_key":"s@","system_type":"Service","privacy_declarations":[{"name":"n","data_categories":["user.c@","user.d#"],"data_use":"u@"}],"egress":[{"fides_key":"s#","type":"system"}]}'
FORMATS: dict[str, tuple[str, Maker]] = {
    "fides": ("a.json", json_list('{"system":[', FIDES, "]}")),
    "openlineage": (
        "a.ndjson",
        json_list(
            "",
            '{"eventType":"COMPLETE","run":{"runId":"@"},"job":{"namespace":"n","name":"j@"},"inputs":[{"namespace":"p","name":"t#","facets":{"schema":{"fields":[{"name":"c@"},{"name":"d#"}]}}}],"outputs":[{"namespace":"p","name":"t@"}]}\n',
            "\n",
            "",
        ),
    ),
    "dbt": (
        "a.json",
        json_list(
            '{"metadata":{"dbt_schema_version":"https://schemas.getdbt.com/dbt/manifest/v12.json"},"sources":{},"nodes":{',
            '"model.s.m@":{"resource_type":"model","name":"m@","columns":{"c@":{"name":"c@","meta":{},"tags":["t@"]}},"config":{"materialized":"table"},"depends_on":{"nodes":["model.s.m#"]}}',
            "}}",
        ),
    ),
    "cyclonedx": (
        "a.json",
        json_list(
            '{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"services":[',
            '{"bom-ref":"s@","name":"n@","provider":{"name":"p@"},"data":[{"classification":"c@","flow":"bi-directional","source":["s#"],"destination":["s#"]}]}',
            "]}",
        ),
    ),
    "otm": (
        "a.json",
        json_list(
            '{"otmVersion":"0.2.0","project":{"name":"B","id":"b"},"trustZones":[],"assets":[],"components":[{"id":"c","name":"c","type":"t"}],"dataflows":[',
            '{"id":"f@","name":"n@","source":"c@","destination":"c#","bidirectional":true,"assets":["a@"]}',
            "]}",
        ),
    ),
    "csv": (
        "a.csv",
        json_list("Flow ID,Source,Destination,Data,Purpose,Comment\n", 'f@,s@,s#,"d@; e#",p@,x\n', "", ""),
    ),
    "links": ("a.json", json_list("[", '{"parent":"s@","child":"s#","callCount":1}', "]")),
}
