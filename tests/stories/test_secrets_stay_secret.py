"""Tokens, passwords and keys lie nowhere in plain: not in logs, tables, Redis or answers.

The same search runs once more when a city is closed, over all that its stories left behind.
"""

from copy import copy

from tests.stories.leaks import leaks

CONNECT = "mutation ($input: ConnectShopInput!) { connectShop(input: $input) { shop { id } } }"


async def test_secrets_in_the_wrong_places_come_to_light_nowhere(town):
    shop = await town.shop()
    person, token = shop.person, shop.seller.tokens["personal"]
    wrong_kind = {"marketplace": "OZON", "token": token}
    wrong_type = {"marketplace": "WILDBERRIES", "token": [token]}
    await person.graphql(CONNECT, input=wrong_kind)
    await person.graphql(CONNECT, input=wrong_type)
    await person.graphql(f'{{ shop(id: "{token}") {{ id }} }}')
    await person.graphql(f"{{ {token} }}")
    await person.connect_sheet(shop.id, token)
    await person.connect_shop(token[:-4])
    await person.connect_shop(shop.seller.tokens["expired"])
    await person.post("/auth/login", {"email": person.email, "password": [person.password]})
    await person.post("/auth/login", {"email": person.password, "password": 5})
    await person.post("/auth/login", f'{{"password": "{person.password}"'.encode())
    await shop.seller.fault("cards", "403", detail=f"token {token} is not allowed")
    await shop.ended(await shop.request())

    assert await leaks(town.city.product) == []


async def test_the_search_finds_what_lies_there(town):
    shop = await town.shop()
    known = {
        "city.log": '"level":',
        "city-web.out": "granian",
        "shops.": shop.sheet.id,
        "a key in Redis": "google:write",
        "Redis": "interval",
        "an answer of": shop.id,
    }
    searched = copy(town.city.product)
    searched.secrets = set(known.values())
    found = await leaks(searched)

    assert known.keys() == {
        place
        for place, secret in known.items()
        if any(each.startswith(place) and f" holds {secret[:12]}…" in each for each in found)
    }
