"""What a customer may use, where the features are kept at Stripe."""

from sandbox.stripe.errors import Json
from sandbox.stripe.shapes import listed


def summary(customer_id: str, features: list[str]) -> Json:
    """All of it; the object has no id."""
    url = f"/v1/customer/{customer_id}/entitlements"
    return {
        "object": "entitlements.active_entitlement_summary",
        "customer": customer_id,
        "entitlements": listed(url, [_entitlement(each) for each in features]),
        "livemode": False,
    }


def _entitlement(key: str) -> Json:
    feature = {
        "id": f"feat_{key}",
        "object": "entitlements.feature",
        "active": True,
        "livemode": False,
        "lookup_key": key,
        "metadata": {},
        "name": key,
    }
    return {
        "id": f"ent_{key}",
        "object": "entitlements.active_entitlement",
        "feature": feature,
        "livemode": False,
        "lookup_key": key,
    }
