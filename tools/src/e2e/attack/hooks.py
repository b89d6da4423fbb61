"""What no schema says of an order, and a client has to know."""

import schemathesis

MOST = 2**53 - 1


@schemathesis.hook
def map_case(context, case):
    """Orders that are to be accepted don't add up to more than what every JSON reader gets right."""
    if case.operation.label == "POST /orders" and case.meta.generation.mode.is_positive:
        lines = case.body.get("lines", []) if isinstance(case.body, dict) else []
        if total(lines) > MOST:
            for line in lines:
                line["quantity"] = 1
        if total(lines) > MOST:
            del lines[1:]
    return case


def total(lines):
    return sum(line["quantity"] * line["unitPrice"] for line in lines)
