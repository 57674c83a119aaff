"""A city for the stories: the outside world, and the product, as processes of their own."""

import json
import os
import time
from contextlib import contextmanager
from urllib.parse import urlsplit

import httpx
from cryptography.fernet import Fernet
from redis import Redis

from app import settings
from app.wiring import prepare
from sandbox.google import Drive
from sandbox.servers import free_port
from tests.infrastructure.loopback import NO_TLS
from tests.process import Process

PATIENCE = 60.0
KIND = os.environ.get("STORIES_TOKEN") or "personal"
"""The sellers' tokens in all stories: `secret`, a Base token where the operator has Wildberries'
secret; `base`, where he has none; `personal`."""
PEOPLE = 80
"""Google accounts of people: reading belongs to their quota, not to the product's."""


class Outside:
    """The marketplace and Google. `robots` are key files of service accounts by name."""

    def __init__(self, folder):
        self.folder = folder
        self.address = f"http://127.0.0.1:{free_port()}"
        self.data = folder / "sandbox"
        self.data.mkdir()
        drive = Drive()
        people = [f"olga-{number}@example.com" for number in range(PEOPLE)]
        self.accounts = [(email, drive.accounts.refresh_token(email)) for email in people]
        robots = {name: drive.accounts.service(name) for name in ("stock-tracker", "second")}
        self.robots = {name: robot.key(self.address) for name, robot in robots.items()}
        drive.save(self.data / "drive.json")
        port = str(urlsplit(self.address).port)
        options = ["--port", port, "--data", str(self.data), "--supervised"]
        command = ["tests.stories.outside_process", *options]
        self.process = Process("sandbox", command, folder, STORIES_TOKEN=KIND)
        self.stage = answered(f"{self.address}/sandbox/stage", self.process).json()

    @property
    def secret(self):
        """The setting of an operator who has Wildberries' service secret."""
        return {"WILDBERRIES_SERVICE_SECRET": self.stage["serviceSecret"]}

    @property
    def paid(self):
        """The settings of an operator whose companies pay."""
        prices = self.stage["stripePrices"].items()
        return {
            "STRIPE_URL": self.stage["stripeUrl"],
            "STRIPE_SECRET_KEY": self.stage["stripeSecretKey"],
            "STRIPE_WEBHOOK_SECRET": self.stage["stripeWebhookSecret"],
            **{f"STRIPE_PRICE_{plan.upper()}": ",".join(each) for plan, each in prices},
        }

    def send_messages(self, address):
        """What happens at Stripe is told there."""
        hook = {
            "url": f"{address}/webhooks/stripe",
            "secrets": [self.paid["STRIPE_WEBHOOK_SECRET"]],
        }
        control = f"{self.stage['stripeUrl']}/control/hook"
        httpx.post(control, json=hook, trust_env=False, verify=NO_TLS)

    def environ(self, robot="stock-tracker"):
        """How a product finds it, as `make run` would say."""
        hosts = ("content", "seller-analytics", "statistics", "marketplace", "common", "supplies")
        names = ("CONTENT", "ANALYTICS", "STATISTICS", "MARKETPLACE", "COMMON", "SUPPLIES")
        market = f"{self.address}/wildberries"
        addresses = zip(names, hosts, strict=True)
        return {
            **{f"WILDBERRIES_{name}_URL": f"{market}/{host}-api" for name, host in addresses},
            "WILDBERRIES_SPEED": str(self.stage["speed"]),
            "GOOGLE_SERVICE_ACCOUNT": json.dumps(self.robots[robot]),
            "GOOGLE_SHEETS_URL": self.address,
            "GOOGLE_DRIVE_URL": self.address,
            "GOOGLE_ACCOUNTS_URL": self.address,
            "GOOGLE_OAUTH_URL": self.address,
            "GOOGLE_OAUTH_CLIENT_ID": self.stage["oauthClientId"],
            "GOOGLE_OAUTH_CLIENT_SECRET": self.stage["oauthClientSecret"],
            "SMTP_URL": self.stage["smtpUrl"],
            "MAIL_FROM": "Stock Tracker <robot@stock-tracker.example>",
        }


class Product:
    """One installation: a web side and a worker on a database of their own."""

    def __init__(self, name, folder, environ):
        self.name, self.folder = name, folder
        self.address = f"http://127.0.0.1:{free_port()}"
        keys = {
            "ENCRYPTION_MASTER_KEY": Fernet.generate_key().decode(),
            "SECRET_KEY": Fernet.generate_key().decode(),
        }
        self.environ = {
            **environ,
            **keys,
            "API_PORT": str(urlsplit(self.address).port),
            "TRUSTED_PROXIES": "1",  # so that each person comes from an address of her own
            "LOG_LEVEL": "debug",  # whoever says most gives most away
            "LOG_FILE": str(folder / f"{name}.log"),
        }
        self.told = []
        self.secrets = set(keys.values())
        self.processes = []

    async def prepare(self):
        await prepare(settings.load(self.environ, {}, self.folder))

    def start(self, part):
        """`web` or `worker`; wait for the web side with `ready`."""
        command = ["app", "serve", f"--{part}", "--supervised"]
        process = Process(f"{self.name}-{part}", command, self.folder, **self.environ)
        self.processes.append(process)
        return process

    def open(self):
        """Both parts; returns when it is ready."""
        self.web, self.worker = self.start("web"), self.start("worker")
        answered(f"{self.address}/health/ready", self.web)

    def forget_quotas(self):
        """As after a loss of Redis: a story must not wait for what the one before it spent."""
        with Redis.from_url(self.environ["REDIS_URL"]) as redis:
            for key in redis.scan_iter(match="*google:*"):
                redis.delete(key)

    def close(self):
        for process in self.processes:
            process.ask_to_end()
        for process in self.processes:
            process.terminate()


class City:
    """The outside, and the products that were opened in it."""

    def __init__(self, outside, product):
        self.outside, self.product = outside, product
        self.ticket = 0

    @property
    def robot(self):
        """The product's own address at Google."""
        return json.loads(self.product.environ["GOOGLE_SERVICE_ACCOUNT"])["client_email"]

    def account(self):
        """A Google account that no story has had yet: e-mail and refresh token."""
        self.ticket += 1
        return self.outside.accounts[self.ticket % PEOPLE]


@contextmanager
def opened(product):
    """A product at work, and stopped at the end whatever happened."""
    try:
        product.open()
        yield product
    finally:
        product.close()


def answered(address, process):
    """The first good answer."""
    until = time.monotonic() + PATIENCE
    while process.alive and time.monotonic() < until:
        try:
            answer = httpx.get(address, trust_env=False, verify=NO_TLS)
        except httpx.TransportError:
            pass
        else:
            if answer.is_success:
                return answer
        time.sleep(0.05)
    raise AssertionError(f"Nothing answers at {address}:\n{process.out[-3000:]}")
