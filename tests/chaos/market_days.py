"""What happens at the marketplace, and what goes wrong on the way to it and to Google."""

import msgspec

from sandbox.google import Fault as GoogleFault
from sandbox.sellers import (
    AddOrder,
    AddPlace,
    AddProduct,
    AddPseudo,
    CancelOrder,
    EditProduct,
    RemovePlace,
    RemoveProduct,
    RenamePlace,
    SetStock,
    SetTransit,
    Switch,
    UnknownToSeller,
    truth,
)
from sandbox.wildberries import Fault

READ = ("cards", "wb_warehouses", "seller_warehouses", "orders", "warehouses", "stocks")
REMAINS = ("remains_create", "remains_status", "remains_download")
SPOILT = ("500", "503", "timeout", "truncated", "empty", "html", "other_shape", "429", "429")
REFUSED = ("402", "403", "404", "disabled")
FEWEST, MOST_PRODUCTS, MOST_PLACES = 6, 20, 12
NAMES = ("Сарапул", "Новый «склад»", "Склад {7}", "Вёшки", "Остальные", "10 причал", "9 причал")


class Days:
    """`known` are all nmIDs that ever were in the account; `looked`: her file was read before the
    last question. A change returns what it was, or None."""

    def __init__(self, world, dice):
        self.world, self.seller, self.market = world, world.seller, world.market
        self.dice, self.known, self.gone = dice, set(world.seller.cards), []
        self.ordered, self.google, self.looked = [], [], False
        self.turns = {
            self.stock: 12,
            self.order: 6,
            self.cancel: 3,
            self.transit: 3,
            self.a_place: 1,
            self.no_place: 0.7,
            self.another_name: 0.7,
            self.names_shown: 0.5,
            self.a_product: 2,
            self.another_card: 1,
            self.no_product: 1,
            self.a_product_again: 1,
            self.pseudo: 0.5,
        }

    def turn(self):
        """Something, a few seconds later."""
        self.world.moment.seconds += self.dice.randrange(2, 9)
        turns = [*self.turns]
        turn = self.dice.choices(turns, [self.turns[each] for each in turns])[0]
        try:
            told = turn()
        except UnknownToSeller as no:
            return f"{turn.__name__}: {no}"
        return told and f"{turn.__name__} {told}"

    def held(self):
        """All pieces that lie anywhere."""
        products = truth(self.seller, self.world.moment.seconds).values()
        return sum(product.stock.total for product in products)

    # Goods

    def stock(self):
        nm, quantity = self._nm(), self.dice.choice((0, 1, 7, 40, 999))
        return self._change(SetStock(nm=nm, place=self._place(), quantity=quantity))

    def transit(self):
        n, nm = self.dice.randrange(20), self._nm()
        return self._change(SetTransit(nm=nm, to_client=n, from_client=n // 3))

    def order(self):
        return self._change(
            AddOrder(
                nm=self._nm(),
                place=self._place(),
                count=self.dice.randrange(1, 4),
                days_ago=self.dice.randrange(10),
                unnamed=self.dice.random() < 0.2,
            )
        )

    def cancel(self):
        return self._change(CancelOrder(nm=self._nm()))

    def a_product(self):
        if len(self.seller.cards) >= MOST_PRODUCTS:
            return None
        number = self.seller.changes
        code = self.dice.choice((f"=НОВЫЙ+{number}", f"00-{number}", f"1-{number % 12 + 1}"))
        told = self._change(AddProduct(vendor_code=code, stock={"Склад WB": 30}))
        self.known |= set(self.seller.cards)
        return told

    def another_card(self):
        text = self.dice.choice(("@тег", "-5%", "=HYPERLINK(1)", "Ёлка", "00-17"))
        return self._change(EditProduct(nm=self._nm(), vendor_code=text, brand=text))

    def no_product(self):
        if len(self.seller.cards) <= FEWEST:
            return None
        nm = self._nm()
        if all(nm != card.nm for card in self.seller.drawn):  # of the others orders go on
            self.gone.append(self.seller.cards[nm])
        return self._change(RemoveProduct(nm=nm))

    def a_product_again(self):
        """Out of the basket of deleted cards; what lay at places that are gone is gone with them."""
        if not self.gone:
            return None
        card = self.gone.pop(self.dice.randrange(len(self.gone)))
        for size in card.sizes:
            for at in [at for at in size.stock if self.seller.places[at].gone]:
                del size.stock[at]
        card.updated = round(self.world.moment.seconds * 1_000_000)
        self.seller.cards[card.nm] = card
        del self.seller.book.closed[card.nm]
        self.seller.version += 1
        return str(card.nm)

    # Places

    def a_place(self):
        if len(self.seller.places) > MOST_PLACES:
            return None
        name = f"{self.dice.choice(NAMES)} {self.seller.changes}"
        return self._change(AddPlace(name=name, whose=self.dice.choice(("seller", "named"))))

    def no_place(self):
        return self._change(RemovePlace(place=self._place()))

    def another_name(self):
        own = [place.name for place in self.seller.warehouses().values()]
        name = f"{self.dice.choice(NAMES)} {self.seller.changes}"
        return own and self._change(RenamePlace(place=self.dice.choice(own), name=name))

    def names_shown(self):
        return self._change(Switch(named_in_analytics=not self.seller.named_in_analytics))

    def pseudo(self):
        return self._change(AddPseudo(nm=self._nm(), name="На утилизации", quantity=6))

    # Trouble

    def fault(self):
        """For the next calls of one method."""
        names = (*READ, *REMAINS) if self.world.kind == "base" else READ
        kind = self.dice.choice(REFUSED if self.dice.random() < 0.15 else SPOILT)
        retry = self.dice.choice((None, 5.0, 90.0)) if kind == "429" else None
        endpoint = self.dice.choice(("*", *names))
        times = self.dice.choice((1, 1, 1, 2, 4))
        fault = Fault(endpoint=endpoint, kind=kind, times=times, retry=retry, delay=0.001)
        self.ordered.append((fault, times))
        self.market.fault(fault)
        return f"{kind} at {endpoint}, {times} times"

    def google_fault(self):
        mode = self.dice.choice(("refuse", "refuse", "lose", "cut"))
        status = self.dice.choice((429, 500, 503)) if mode == "refuse" else 503
        match = self.dice.choice((":batchUpdate", ":batchUpdate", ":getByDataFilter"))
        times = self.dice.choice((1, 1, 2, 4))
        fault = GoogleFault(mode=mode, status=status, match=match, times=times)
        self.google.append((fault, times))
        self.world.drive.faults.add(fault)
        return f"{mode} {status} at {match}, {times} times"

    def calm(self):
        """No more trouble; nor lines that a report cannot explain."""
        self.seller.pseudo.clear()
        self.seller.version += 1
        self.market.faults.clear()
        self.world.drive.faults.clear()

    def overrun(self):
        """Refusals for want of quota that nobody ordered, since the last question. Fewer than were
        ordered is no wonder: who was killed did not hear all of them."""
        calls, made = self.market.calls, self.world.drive.calls
        told = sum(n - (each.times or 0) for each, n in self.ordered if each.kind == "429")
        wild = calls.by_status[429] - told
        told = sum(n - each.times for each, n in self.google if each.status == 429)
        sheet = sum(each.status == 429 for each in made.made) - told
        self.looked = made.count("Read") > 0
        calls.reset()
        made.reset()
        self.ordered = [(each, each.times) for each, _ in self.ordered if each.times]
        self.google = [(each, each.times) for each, _ in self.google if each.times > 0]
        return {"wildberries": wild, "google": sheet} if max(wild, sheet) > 0 else {}

    def _change(self, change):
        self.market.world.change(self.seller.id, change, at=self.world.moment.seconds)
        return f"{msgspec.json.encode(change).decode()}"

    def _nm(self):
        return self.dice.choice(sorted(self.seller.cards))

    def _place(self):
        live = [place for place in self.seller.places if not place.gone and not place.empty]
        return self.dice.choice(live).name
