"""/docs: a page that runs nothing and asks nobody, and a browser is told so."""

import base64
import hashlib
import re

import httpx
import pytest
from litestar import Litestar
from litestar.openapi import OpenAPIConfig

from app.web.reference import Reference, router


@pytest.fixture
async def page():
    app = Litestar(
        openapi_config=OpenAPIConfig(
            title="T", version="1", openapi_router=router(), render_plugins=[Reference()]
        ),
        logging_config=None,
    )
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://t") as http:
        yield await http.get("/docs")


def test_only_the_style_of_the_page_itself_counts(page):
    style = re.search("<style>(.*?)</style>", page.text, re.DOTALL).group(1)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()

    policy = page.headers["content-security-policy"].split("; ")

    assert "default-src 'none'" in policy
    assert f"style-src 'sha256-{digest}'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "<script" not in page.text
    assert "style=" not in page.text
