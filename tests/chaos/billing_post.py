"""What Stripe sends on its way to the inbox: in disorder, twice, days late, never, and forgeries."""

import hmac
from hashlib import sha256

from domain.inbox_port import NotSigned
from domain.secrecy import Secret
from infrastructure.stripe import envelope, signature
from sandbox.stripe.webhooks.signing import signature as signed

SECRET = Secret("whsec_of_the_lives")
HOUR, DAY = 3_600, 86_400
LATEST = 3 * DAY

LEFT = """
SELECT p.about, i.customer, p.tenant_id, due_at, tries, cause, why
FROM stripe_pending p JOIN stripe_inbox i USING (account, livemode, event_id)
"""


class Post:
    """`lost`: customers about whom something never came; `counts`: how often what happened."""

    def __init__(self, paying, truth, dice, counts):
        self.paying, self.truth, self.dice, self.counts = paying, truth, dice, counts
        self.letters, self.lost = [], set()

    def collect(self):
        """What has happened since the last time is on its way; of whom."""
        book, touched = self.paying.book, set()
        book.settle()
        fresh = [*book.events.values()]
        book.events.clear()
        for event in fresh:
            said = self.truth.note(event.body)
            whose = self._whose(said["data"]["object"])
            touched.add(whose)
            self._send(bytes(event.body), whose)
        return touched

    async def arrive(self, *, all_of_it=False):
        """Those whose time has come, in any order."""
        now = self.paying.world.now.timestamp()
        due = [each for each in self.letters if all_of_it or each[0] <= now]
        self.letters = [] if all_of_it else [each for each in self.letters if each[0] > now]
        self.dice.shuffle(due)
        for _, body in due:
            await self.receive(body)
        self.counts["delivered"] += len(due)

    async def receive(self, body):
        """As the webhook does."""
        now = int(self.paying.world.now.timestamp())
        signature.check(signed(body, [SECRET.reveal()], now), body, [SECRET], now)
        await self.paying.inbox.receive(envelope.read(body))

    def forge(self):
        """Somebody else says that all is paid."""
        now = int(self.paying.world.now.timestamp())
        body = b'{"id":"evt_forged","type":"invoice.paid","livemode":false,"created":1}'
        theirs = hmac.new(b"whsec_theirs", f"{now}.".encode() + body, sha256).hexdigest()
        for header in (f"t={now},v1={theirs}", f"t={now}", None):
            try:
                signature.check(header, body, [SECRET], now)
            except NotSigned:
                self.counts["forged"] += 1
            else:
                raise AssertionError("A forgery was let in")

    def _send(self, body, whose):
        now, fate = self.paying.world.now.timestamp(), self.dice.random()
        if fate < 0.02:
            self.counts["never sent"] += 1
            self.lost.add(whose)
            return
        late = self.dice.randrange(LATEST) if fate < 0.1 else self.dice.randrange(20)
        self.letters.append((now + late, body))
        if fate > 0.9:
            self.counts["sent twice"] += 1
            self.letters.append((now + self.dice.randrange(LATEST), body))

    def _whose(self, thing):
        if thing["object"] == "customer":
            return thing["id"]
        if customer := thing.get("customer"):
            return customer
        charge = self.paying.book.kinds.get("charge", {}).get(thing.get("charge") or "")
        return charge["customer"] if charge else ""

    async def left(self, strangers):
        """What waits, and is not of somebody who is nobody here."""
        async with self.paying.world.database.driver() as driver:
            rows = await driver.fetch(LEFT)
        charges = self.paying.book.kinds.get("charge", {})
        whose = [r["customer"] or charges.get(r["about"], {}).get("customer") for r in rows]
        return [tuple(r) for r, who in zip(rows, whose, strict=True) if who not in strangers]
