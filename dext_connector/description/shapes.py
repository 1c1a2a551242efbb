"""Words to say a JSON Schema with: `record` of named fields, `listing` of rows, `nullable`."""

from typing import Any

type Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
WHOLE: Schema = {"type": "integer"}
ID: Schema = {"type": "string", "format": "uuid", "description": "Opaque; a UUIDv7."}
DAY: Schema = {"type": "string", "format": "date", "examples": ["2019-09-25"]}
MOMENT: Schema = {"type": "string", "format": "date-time", "examples": ["2019-09-25T14:00:00+02:00"]}
ADDRESS: Schema = {"type": "string", "format": "uri-reference"}


def decimal(*, digits: int = 11, places: int = 2, is_signed: bool = True, example: str = "5.76") -> Schema:
    """A decimal as a string, of a pattern of its own: "" is none, « 1e3 » neither."""
    sign = "-?" if is_signed else ""
    return {
        "type": "string",
        "pattern": rf"^{sign}[0-9]{{1,{digits}}}(\.[0-9]{{1,{places}}})?$",
        "maxLength": digits + places + 2,
        "examples": [example],
    }


AMOUNT = decimal()
POSITIVE = decimal(is_signed=False)


def text(longest: int, *, shortest: int = 0, example: str = "", pattern: str = "") -> Schema:
    schema: Schema = {"type": "string", "maxLength": longest}
    schema |= {"minLength": shortest} if shortest else {}
    schema |= {"pattern": pattern} if pattern else {}
    return schema | ({"examples": [example]} if example else {})


def one_of(*values: str) -> Schema:
    return {"type": "string", "enum": list(values)}


def ref(name: str) -> Schema:
    """The schema of this name, told once among the components."""
    return {"$ref": f"#/components/schemas/{name}"}


def nullable(schema: Schema) -> Schema:
    """As `schema`, or null."""
    if "$ref" in schema or "enum" in schema or "anyOf" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    return schema | {"type": [schema["type"], "null"]}


def array(of: Schema, *, most: int | None = None) -> Schema:
    return {"type": "array", "items": of} | ({"maxItems": most} if most else {})


def record(*, at_times: dict[str, Schema] | None = None, **fields: Schema) -> Schema:
    """An object that always has all of `fields`, and those of `at_times` where they matter: what MEG answers."""
    return {"type": "object", "properties": fields | (at_times or {}), "required": list(fields)}


def body(*required: str, **fields: Schema) -> Schema:
    """An object that MEG reads: null is absent for every field that is not `required`, and unknown ones are ignored."""
    told = {name: schema if name in required else nullable(schema) for name, schema in fields.items()}
    return {"type": "object", "properties": told, "required": list(required)}


def listing(of: Schema) -> Schema:
    """A page of a list."""
    cursor = nullable({"type": "string", "description": "What to ask the next page with; null on the last."})
    return record(items=array(of), next_cursor=cursor)
