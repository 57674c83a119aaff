"""The REST reference as one page, made from the OpenAPI document: no script, no other host."""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

import msgspec
from litestar import Request, Router
from litestar.datastructures import ResponseHeader
from litestar.openapi.plugins import OpenAPIRenderPlugin

METHODS = ("get", "post", "put", "patch", "delete")

STYLE = """
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin: 2.5rem 0 .25rem; font-size: 1.1rem; }
code, pre { font-family: ui-monospace, monospace; font-size: .9em; }
pre { overflow-x: auto; padding: .75rem; background: light-dark(#f4f4f6, #1d1d22); }
table { border-collapse: collapse; } td, th { text-align: start; padding: .15rem 1rem .15rem 0; }
.method { color: light-dark(#3d4fc4, #99a5ff); text-transform: uppercase; font-weight: 600; }
.soft { color: light-dark(#5c5c66, #a5a5b0); }
"""

# A browser takes the style by its hash (CSP Level 3, 6.7.2.3): not a byte may stand beside it.
STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
GUARDS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{STYLE_HASH}'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def router() -> Router:
    """Where the page lives, and what its answers forbid a browser."""
    headers = [ResponseHeader(name=name, value=value) for name, value in GUARDS.items()]
    return Router("/docs", route_handlers=[], include_in_schema=False, response_headers=headers)


class Reference(OpenAPIRenderPlugin):
    """Litestar's `/docs`, drawn by us: the plugins it ships load scripts from elsewhere."""

    def __init__(self) -> None:
        super().__init__(path="/")

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """The whole page."""
        return "".join(_page(openapi_schema, str(request.base_url).rstrip("/"))).encode()


def _page(schema: Mapping[str, Any], base: str) -> Iterator[str]:
    info = schema["info"]
    yield (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(info['title'])}: REST</title><style>{STYLE}</style></head><body>"
        f"<h1>{escape(info['title'])}: REST</h1><p>{escape(info.get('description', ''))}</p>"
        '<p><a href="/graphql">GraphQL explorer</a> · '
        '<a href="/docs/openapi.json">openapi.json</a></p>'
    )
    for path, item in sorted(schema["paths"].items()):
        for method in METHODS:
            if method in item:
                yield from _operation(schema, base, path, method, item[method])
    yield "</body></html>"


def _operation(
    schema: Mapping[str, Any], base: str, path: str, method: str, operation: Mapping[str, Any]
) -> Iterator[str]:
    anchor = escape(operation.get("operationId", path))
    yield (
        f'<h2 id="{anchor}"><span class="method">{method}</span> <code>{escape(path)}</code></h2>'
        f"<p>{escape(operation.get('summary', ''))}</p>"
    )
    content = operation.get("requestBody", {}).get("content", {})
    body = _resolved(schema, content.get("application/json", {}).get("schema", {}))
    yield from _fields(schema, body)
    signed = not body and "401" in operation["responses"]
    yield f"<pre>{escape(_curl(base + path, method, body, signed=signed))}</pre>"
    codes = ", ".join(
        f"<code>{code}</code> {escape(each.get('description', '').split('.')[0])}"
        for code, each in operation["responses"].items()
    )
    yield f'<p class="soft">Answers: {codes}</p>'


def _fields(schema: Mapping[str, Any], body: Mapping[str, Any]) -> Iterator[str]:
    if not body.get("properties"):
        return
    required = body.get("required", ())
    yield "<table><tr><th>Field</th><th>Type</th><th></th></tr>"
    for name, field in body["properties"].items():
        need = "required" if name in required else "optional"
        kind = escape(_kind(_resolved(schema, field)))
        yield f"<tr><td><code>{escape(name)}</code></td><td>{kind}</td><td>{need}</td></tr>"
    yield "</table>"


def _kind(field: Mapping[str, Any]) -> str:
    options = field.get("oneOf") or [field]
    return " or ".join(str(each.get("type", "any")) for each in options)


def _curl(address: str, method: str, body: Mapping[str, Any], *, signed: bool) -> str:
    if not body.get("properties"):
        header = " \\\n  -H 'Authorization: Bearer …'" if signed else ""
        return f"curl -X {method.upper()} {address}{header}"
    example = dict.fromkeys(body["properties"], "…")
    data = msgspec.json.encode(example).decode()
    return f"curl {address} \\\n  -H 'Content-Type: application/json' \\\n  -d '{data}'"


def _resolved(schema: Mapping[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = node.get("$ref")
    if not reference:
        return node
    found: Mapping[str, Any] = schema["components"]["schemas"][reference.rsplit("/", 1)[1]]
    return found
