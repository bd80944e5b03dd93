"""validate.py SCHEMAS FILE...: real output against docs/schemas. FILE holds
one document, or with the suffix .jsonl one event a line. Prints 'ok NAME' or
'not ok NAME: why' for each, and for each schema that nothing was tried on."""
import json
import pathlib
import sys

from jsonschema import Draft202012Validator, RefResolver


def load(folder):
    return {path.name: json.loads(path.read_text(encoding="utf-8"))
            for path in sorted(pathlib.Path(folder).glob("*.schema.json"))}


def covers(schema):
    """The values of "schema" that a schema's documents have."""
    rule = schema.get("properties", {}).get("schema", {})
    return rule.get("enum", [rule["const"]] if "const" in rule else [])


def first_error(validator, document):
    errors = sorted(validator.iter_errors(document), key=lambda e: list(e.path))
    if not errors:
        return ""
    where = "/".join(str(part) for part in errors[0].absolute_path)
    return f"at '{where}': {errors[0].message[:300]}"


def documents(path):
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in text.splitlines()]
    return [json.loads(text)]


def main():
    schemas, bad, used = load(sys.argv[1]), 0, set()
    names = {word: name for name, schema in schemas.items()
             for word in covers(schema)}
    validators = {}
    for name, schema in schemas.items():
        Draft202012Validator.check_schema(schema)
        validators[name] = Draft202012Validator(
            schema, resolver=RefResolver("", schema, store=dict(schemas)))
    for path in map(pathlib.Path, sys.argv[2:]):
        why, found = "", documents(path)
        if not found:
            why = "nothing was printed"
        for document in found:
            name = ("event.schema.json" if path.suffix == ".jsonl"
                    else names.get(document.get("schema"), ""))
            used.add(name)
            why = why or (first_error(validators[name], document) if name else
                          f"no schema for {document.get('schema')}")
        print(f"not ok {path.stem}: {why}" if why else f"ok {path.stem}")
        bad |= bool(why)
    for name in sorted(set(names.values()) | {"event.schema.json"}):
        if name not in used and name != "evidence.schema.json":
            print(f"not ok {name}: no document was tried")
            bad = True
    return int(bad)


sys.exit(main())
